package io.skewer.sinks;

import java.time.Duration;

/** Waits for the {@link Pauses}, until something worked. Used by one thread. */
public final class Backoff {
    private final Pauses pauses;

    public Backoff(Duration first, Duration longest) {
        pauses = new Pauses(first, longest);
    }

    /** Waits, each time twice as long as the time before. */
    public void pause() throws InterruptedException {
        Thread.sleep(pauses.next());
    }

    /** It worked: the next pause is the first one again. */
    public void reset() {
        pauses.reset();
    }
}
