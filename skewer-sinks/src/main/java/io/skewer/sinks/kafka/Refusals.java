package io.skewer.sinks.kafka;

import io.skewer.sinks.Pauses;
import java.time.Duration;

/**
 * How often brokers refused something, and when it is due again.
 *
 * <p>The producer remembers what the brokers last said about a topic, and repeats it without asking them. What they said before the last
 * refusal that was counted is the same refusal, not one more: else brokers that went away would seem to refuse it again and again. Used by one thread at
 * a time.
 */
final class Refusals {
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);
    /** The producer tells the age of what it knows in milliseconds. */
    private static final long ROUNDING_NS = 5_000_000L;

    private final Pauses pauses;
    private int count;
    private long firstNs;
    private long lastNs;
    private long dueNs;

    Refusals(Duration firstPause) {
        pauses = new Pauses(firstPause, LONGEST_PAUSE);
    }

    /**
     * Notes a refusal.
     *
     * @param saidNs when the brokers said it
     * @return whether it counts
     */
    boolean add(long nowNs, long saidNs) {
        if (count > 0 && saidNs - lastNs < ROUNDING_NS) {
            return false;
        }
        firstNs = count == 0 ? nowNs : firstNs;
        lastNs = nowNs;
        count++;
        dueNs = nowNs + pauses.next().toNanos();
        return true;
    }

    int count() {
        return count;
    }

    /** When it was refused first. */
    long firstNs() {
        return firstNs;
    }

    /** To be tried again, though nothing new was said against it. */
    void later(long nowNs, Duration pause) {
        dueNs = nowNs + pause.toNanos();
    }

    long dueNs() {
        return dueNs;
    }
}
