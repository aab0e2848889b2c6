package io.skewer.cli.loadgen;

import java.time.Duration;

/**
 * How long answers took: counts in buckets of at most 1/16 of their value's width, from one nanosecond to a day, in 10 KiB. Used by one
 * thread; {@link #add(AnswerTimes)} brings those of several threads together afterwards.
 */
public final class AnswerTimes {
    private static final int STEPS_BITS = 4;
    private static final int STEPS = 1 << STEPS_BITS;

    private final long[] counts = new long[(Long.SIZE - STEPS_BITS) * STEPS];
    private long count;
    private long maxNs;

    void took(long ns) {
        long value = Math.max(0, ns);
        counts[bucket(value)]++;
        count++;
        maxNs = Math.max(maxNs, value);
    }

    void add(AnswerTimes other) {
        for (int i = 0; i < counts.length; i++) {
            counts[i] += other.counts[i];
        }
        count += other.count;
        maxNs = Math.max(maxNs, other.maxNs);
    }

    public long count() {
        return count;
    }

    public Duration max() {
        return Duration.ofNanos(maxNs);
    }

    /** The time within which so many of all answers came; too long by at most 1/16. Zero when there was none. */
    public Duration within(double share) {
        long wanted = (long) Math.ceil(count * share);
        long seen = 0;
        for (int bucket = 0; bucket < counts.length; bucket++) {
            seen += counts[bucket];
            if (seen >= wanted && seen > 0) {
                return Duration.ofNanos(Math.min(maxNs, highest(bucket)));
            }
        }
        return Duration.ZERO;
    }

    private static int bucket(long value) {
        if (value < STEPS) {
            return (int) value;
        }
        int shift = Long.SIZE - 1 - Long.numberOfLeadingZeros(value) - STEPS_BITS;
        return shift * STEPS + (int) (value >>> shift);
    }

    private static long highest(int bucket) {
        if (bucket < 2 * STEPS) {
            return bucket;
        }
        int shift = bucket / STEPS - 1;
        return ((bucket - (long) shift * STEPS + 1) << shift) - 1;
    }
}
