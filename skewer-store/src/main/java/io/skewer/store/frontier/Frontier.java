package io.skewer.store.frontier;

import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How far one destination has come, and what it settled beyond that, in any order. Only batches that were offered and are not settled
 * whole are remembered; the caller bounds their number ({@link #inFlight}). Not safe for use by several threads.
 */
public final class Frontier {
    private static final class Offered {
        final long batch;
        final long firstRecord;
        final int count;
        final long offeredMs;
        /** Records before this one are settled. */
        int prefix;
        /** Settled records behind the prefix; made when there is one. */
        @Nullable
        BitSet beyond;

        Offered(long batch, long firstRecord, int count, long offeredMs) {
            this.offeredMs = offeredMs;
            this.batch = batch;
            this.firstRecord = firstRecord;
            this.count = count;
        }

        /** @return how many of these were not settled before */
        int settle(int from, int to) {
            int before = settled();
            if (from <= prefix) {
                prefix = Math.max(prefix, to);
            } else {
                if (beyond == null) {
                    beyond = new BitSet(count);
                }
                beyond.set(from, to);
            }
            if (beyond != null) {
                beyond.clear(0, prefix);
                while (beyond.get(prefix)) {
                    int end = beyond.nextClearBit(prefix);
                    beyond.clear(prefix, end);
                    prefix = end;
                }
                if (beyond.isEmpty()) {
                    beyond = null;
                }
            }
            return settled() - before;
        }

        private int settled() {
            return prefix + (beyond == null ? 0 : beyond.cardinality());
        }
    }

    private final ArrayDeque<Offered> order = new ArrayDeque<>();
    private final Map<Long, Offered> byNumber = new HashMap<>();
    private Position start;

    public Frontier(Position start) {
        this.start = start;
    }

    /** Everything before this place is settled. */
    public Position position() {
        Offered head = order.peekFirst();
        return head == null ? start : new Position(head.batch, head.prefix, head.firstRecord + head.prefix);
    }

    /** Notes that a batch is on its way. Numbers rise; one may be left out when it is damaged. @return its first record that is not settled */
    public int offered(long batch, long firstRecord, int count, long nowMs) {
        Offered last = order.peekLast();
        if (batch < start.batch() || (last != null && batch <= last.batch)) {
            throw new IllegalStateException("batch " + batch + " is offered out of order");
        }
        Offered offered = new Offered(batch, firstRecord, count, nowMs);
        if (last == null && batch == start.batch()) {
            offered.prefix = Math.min(start.record(), count - 1);
        }
        order.addLast(offered);
        byNumber.put(batch, offered);
        return offered.prefix;
    }

    /**
     * Settles records of a batch; those that were settled before change nothing.
     *
     * @param to exclusive
     * @return how many records were not settled before
     * @throws IllegalArgumentException when the batch was never offered or has no such records
     */
    public int settle(long batch, int from, int to) {
        Offered offered = find(batch, from, to);
        if (offered == null) {
            return 0;
        }
        int settled = offered.settle(from, to);
        if (offered.prefix == offered.count) {
            byNumber.remove(batch);
            dropSettled();
        }
        return settled;
    }

    /** When a batch that is on its way was offered, ms since 1970 UTC; {@code otherwise} when it is not on its way. */
    public long offeredMs(long batch, long otherwise) {
        Offered offered = byNumber.get(batch);
        return offered == null ? otherwise : offered.offeredMs;
    }

    /**
     * Whether a record was settled before.
     *
     * @throws IllegalArgumentException when it was never offered
     */
    public boolean isSettled(long batch, int record) {
        Offered offered = find(batch, record, record + 1);
        return offered == null || record < offered.prefix || (offered.beyond != null && offered.beyond.get(record));
    }

    /** @return null when the batch is settled whole */
    private @Nullable Offered find(long batch, int from, int to) {
        Offered offered = byNumber.get(batch);
        if (offered == null && (batch < position().batch() || (!order.isEmpty() && batch <= order.getLast().batch))) {
            return null;
        }
        if (offered == null || from < 0 || to > offered.count || from > to) {
            throw new IllegalArgumentException(
                    "records " + from + " to " + to + " of batch " + batch + " were never offered");
        }
        return offered;
    }

    private void dropSettled() {
        for (Offered head = order.peekFirst(); head != null && head.prefix == head.count; head = order.peekFirst()) {
            order.removeFirst();
            start = new Position(head.batch + 1, 0, head.firstRecord + head.count);
        }
    }

    /** How many batches are remembered. */
    public int inFlight() {
        return order.size();
    }

    /** Forgets what is on its way: it will be offered again from {@link #position()} on. */
    public void rewind() {
        start = position();
        order.clear();
        byNumber.clear();
    }

    /**
     * Gives up everything before a place: it counts as settled. @return how many records were not settled
     *
     * @param place the start of a batch
     */
    public long giveUp(Position place) {
        if (place.batch() <= position().batch()) {
            return 0;
        }
        long dropped = 0;
        long end = position().recordNumber() - position().record();
        for (Offered head = order.peekFirst(); head != null && head.batch < place.batch(); head = order.peekFirst()) {
            dropped += head.count - head.settled() + Math.max(0, head.firstRecord - end);
            end = head.firstRecord + head.count;
            order.removeFirst();
            byNumber.remove(head.batch);
        }
        if (end < position().recordNumber()) {
            end = position().recordNumber();
        }
        start = place;
        return dropped + Math.max(0, place.recordNumber() - end);
    }

    /** Moves forward over batches that do not exist any more. */
    public void skipTo(Position place) {
        if (order.isEmpty() && place.batch() > start.batch()) {
            start = place;
        }
    }
}
