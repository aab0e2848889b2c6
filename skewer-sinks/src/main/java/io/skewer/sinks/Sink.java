package io.skewer.sinks;

/**
 * A destination. One thread calls {@link #send} and {@link #idle}, in the order of the log; answers go to the {@link Settler}
 * from any thread, in any order.
 *
 * <p>A sink keeps trying, with growing pauses, for as long as the destination may come back: it never gives up on a message but
 * for a reason that will not pass ({@link Failure}). While it cannot deliver, {@link #send} blocks, and so the store stops offering.
 */
public interface Sink {
    /**
     * Takes a batch. May block for back-pressure; settles its records now or later.
     *
     * @throws InterruptedException when the process stops; the batch is then offered again at the next start
     */
    void send(Delivery delivery) throws InterruptedException;

    /** What {@link #idle} answers when there is nothing to come back for. */
    long NEVER_NS = Long.MAX_VALUE;

    /**
     * Says that no other batch is waiting: what is buffered should go out now.
     *
     * @return after how many nanoseconds to call again if no batch comes, or {@link #NEVER_NS}: an idle daemon wakes up for a reason only
     */
    long idle() throws InterruptedException;

    /** Lets what is on its way arrive, for a bounded time, and settles it; then lets everything go. */
    void close() throws InterruptedException;
}
