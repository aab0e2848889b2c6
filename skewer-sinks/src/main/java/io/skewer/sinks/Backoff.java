package io.skewer.sinks;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Pauses that double from a first to a longest one, until something worked. Each is shortened by up to a half at random, so that those who lost
 * the same destination do not all come back at the same moment. Used by one thread.
 */
public final class Backoff {
    private final long firstMs;
    private final long longestMs;
    private long nextMs;

    public Backoff(Duration first, Duration longest) {
        firstMs = Math.max(1, first.toMillis());
        longestMs = longest.toMillis();
        nextMs = firstMs;
    }

    /** Waits, each time twice as long as the time before. */
    public void pause() throws InterruptedException {
        Thread.sleep(ThreadLocalRandom.current().nextLong(nextMs / 2, nextMs + 1));
        nextMs = Math.min(longestMs, 2 * nextMs);
    }

    /** It worked: the next pause is the first one again. */
    public void reset() {
        nextMs = firstMs;
    }
}
