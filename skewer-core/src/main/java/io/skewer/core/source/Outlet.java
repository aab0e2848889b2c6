package io.skewer.core.source;

import io.skewer.core.message.SealedBatch;

/**
 * Where listeners hand over their batches: the link to the store, seen from the sources. Safe for use by several threads.
 *
 * <p>Nothing queues without bound: a listener hands over only while {@link #creditBytes()} is positive, else it stops reading its
 * sockets and waits for {@link #whenReady}. One batch more than the credit is always accepted, so that a batch begun can end.
 */
public interface Outlet {
    /** How many bytes may be handed over now; zero or less: stop reading. */
    long creditBytes();

    /**
     * Hands over one batch; owns it from now on. It is kept in memory until the store has it, also over a restart of the store.
     *
     * @param kept run exactly once, on a thread of the link, when the store has the batch: the moment to acknowledge to senders
     */
    void handOver(SealedBatch batch, Runnable kept);

    /** Runs {@code resume} once, on any thread, as soon as the credit is positive: at once when it is now. */
    void whenReady(Runnable resume);
}
