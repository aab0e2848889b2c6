package io.skewer.sinks;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Lengths of pauses that double from a first to a longest one. Each is shortened by up to a half at random, so that those who lost the same
 * destination do not all come back at the same moment. Used by one thread.
 */
public final class Pauses {
    private final long firstMs;
    private final long longestMs;
    private long nextMs;

    public Pauses(Duration first, Duration longest) {
        firstMs = Math.max(1, first.toMillis());
        longestMs = longest.toMillis();
        nextMs = firstMs;
    }

    /** The next pause, each time twice as long as the time before. */
    public Duration next() {
        long pauseMs = ThreadLocalRandom.current().nextLong(nextMs / 2, nextMs + 1);
        nextMs = Math.min(longestMs, 2 * nextMs);
        return Duration.ofMillis(pauseMs);
    }

    /** The next pause is the first one again. */
    public void reset() {
        nextMs = firstMs;
    }
}
