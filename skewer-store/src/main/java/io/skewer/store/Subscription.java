package io.skewer.store;

import io.skewer.store.deadletter.Refusal;
import org.jspecify.annotations.Nullable;

/**
 * What one consumer sees of a destination. {@link #next} and {@link #poll} are called by one thread; the other methods are safe for use
 * by several threads.
 *
 * <p>A destination has one consumer at a time: a new subscription ends the one before, and is offered again everything that was not
 * settled. What an ended subscription settles is ignored.
 */
public final class Subscription {
    private final DestinationQueue queue;
    private final long epoch;

    Subscription(DestinationQueue queue, long epoch) {
        this.queue = queue;
        this.epoch = epoch;
    }

    /** Waits for the next batch. @return null when this subscription has ended, by a newer one, {@link #close} or the end of the store */
    public @Nullable Offer next() throws InterruptedException {
        return queue.take(epoch, true);
    }

    /** @return the next batch, or null when there is none now */
    public @Nullable Offer poll() throws InterruptedException {
        return queue.take(epoch, false);
    }

    /**
     * The destination has records of a batch for good, in any order and more than once.
     *
     * @param to exclusive
     * @throws IllegalArgumentException when they were never offered
     */
    public void settle(long batch, int from, int to) {
        queue.settle(epoch, batch, from, to);
    }

    /**
     * The destination will never take a record: it counts as settled as soon as it is kept with the dead letters. Waits while many are
     * on their way there.
     *
     * @param refusal its text is cut at 1024 bytes
     * @throws IllegalArgumentException when it was never offered
     */
    public void fail(long batch, int record, Refusal refusal) throws InterruptedException {
        queue.fail(epoch, batch, record, refusal);
    }

    /** Messages of the log that are not settled. */
    public long depthMessages() {
        return queue.depthMessages();
    }

    /** Batches of the log that are not settled whole. */
    public long depthBatches() {
        return queue.depthBatches();
    }

    /** Ends this subscription: a waiting {@link #next} answers null. What is not settled will be offered to the next one. */
    public void close() {
        queue.end(epoch);
    }
}
