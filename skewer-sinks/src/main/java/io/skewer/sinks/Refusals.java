package io.skewer.sinks;

import java.time.Duration;

/**
 * How often a destination refused something that it may take later, and when it is due again.
 *
 * <p>Kafka's producer remembers what the brokers last said about a topic, and repeats it without asking them. What they said before the last
 * refusal that was counted is the same refusal, not one more: else brokers that went away would seem to refuse it again and again. Used by
 * one thread at a time.
 */
public final class Refusals {
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);
    /** The producer tells the age of what it knows in milliseconds. */
    private static final long ROUNDING_NS = 5_000_000L;

    private final Pauses pauses;
    private int count;
    private long firstNs;
    private long lastNs;
    private long dueNs;

    public Refusals(Duration firstPause) {
        pauses = new Pauses(firstPause, LONGEST_PAUSE);
    }

    /**
     * Notes a refusal.
     *
     * @param saidNs when the destination said it
     * @return whether it counts
     */
    public boolean add(long nowNs, long saidNs) {
        if (count > 0 && saidNs - lastNs < ROUNDING_NS) {
            return false;
        }
        firstNs = count == 0 ? nowNs : firstNs;
        lastNs = nowNs;
        count++;
        dueNs = nowNs + pauses.next().toNanos();
        return true;
    }

    public int count() {
        return count;
    }

    /** From the first refusal to the last one that counts: silence since then says nothing. */
    public long spanNs() {
        return count == 0 ? 0 : lastNs - firstNs;
    }

    /** Forgets all refusals, since it was taken. */
    public void reset() {
        count = 0;
    }

    /** To be tried again, though nothing new was said against it. */
    public void later(long nowNs, Duration pause) {
        dueNs = nowNs + pause.toNanos();
    }

    public long dueNs() {
        return dueNs;
    }
}
