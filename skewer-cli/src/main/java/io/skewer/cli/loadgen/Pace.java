package io.skewer.cli.loadgen;

import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/** Holds a sender to a rate, from its first message on. What was sent too late is made up for. Used by one thread. */
final class Pace {
    /** Shorter pauses than this cost more than they order. */
    private static final long SHORTEST_PAUSE_NS = 200_000;

    private final double perSecond;
    private final LongSupplier nanoClock;
    private final long startNs;

    /** @param perSecond 0: no limit */
    Pace(double perSecond, LongSupplier nanoClock) {
        this.perSecond = perSecond;
        this.nanoClock = nanoClock;
        startNs = nanoClock.getAsLong();
    }

    /**
     * How many more may be sent now.
     *
     * @param sent messages so far
     * @param most the answer is not larger
     */
    int allowance(long sent, int most) {
        if (perSecond == 0) {
            return most;
        }
        double due = (nanoClock.getAsLong() - startNs) * perSecond / 1e9 + 1 - sent;
        return (int) Math.clamp(due, 0, most);
    }

    /** Waits until at least one more may be sent. */
    void await(long sent) {
        while (allowance(sent, 1) == 0) {
            long dueNs = startNs + (long) (sent * 1e9 / perSecond);
            LockSupport.parkNanos(Math.max(SHORTEST_PAUSE_NS, dueNs - nanoClock.getAsLong()));
        }
    }
}
