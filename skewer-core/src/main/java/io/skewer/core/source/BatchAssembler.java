package io.skewer.core.source;

import io.skewer.core.message.Batch;
import io.skewer.core.message.BatchBuilder;
import io.skewer.core.message.MessageId;
import io.skewer.core.message.RecordView;
import io.skewer.core.message.RecordWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Fills the batch of one event loop and decides when it goes. Used on that event loop only; no locks.
 *
 * <p>When to seal is what decides between speed and delay, and it is settled as in Nagle's algorithm. A batch goes when it is full.
 * Else, at the end of a turn of the event loop, which is after everything that was readable has been read, it goes at once if
 * nothing of this event loop is on its way and the batch before went a batch delay ago or earlier: a single message on an idle line
 * does not wait. If something is on its way, the batch goes on being filled until that is kept, or until the batch delay has passed. So the
 * busier the line, the larger the batches, and there is one small batch on its way at most. Nothing is polled, and an idle line has no timer.
 *
 * <p>Small batches do not follow each other closer than the batch delay, because a batch costs as much as a hundred messages: without
 * that, 25 000 datagrams a second were 25 000 batches, and one and a half cores. Senders that wait for an answer ({@link #whenKept}) are the exception:
 * they send nothing more until they have it, so waiting for company would only slow them down.
 *
 * <p>When the outlet gives no more credit, the assembler is paused: whoever fills it stops before the next record
 * ({@link #isPaused}), waits in the {@link Lane}, and is called when there is credit again. A record that is begun is always ended,
 * and datagrams that were received already may follow it; they stay in the batch being filled, which is handed over
 * without credit only before it would leave the bounds of a batch.
 */
public final class BatchAssembler {
    /** Told, on the event loop, that a batch is kept. */
    @FunctionalInterface
    public interface KeptListener {
        void kept(long batch);
    }

    /** Leaves room for one message of any size below {@link Batch#MAX_BYTES}. */
    private static final int MOST_BYTES_WHILE_PAUSED = Batch.MAX_BYTES / 2;

    private final ScheduledExecutorService loop;
    private final Outlet outlet;
    private final Runnable resumed;
    private final Runnable idle;
    private final BatchBuilder builder;
    private final long batchDelayNs;
    private List<KeptListener> listeners = new ArrayList<>();
    private long batch;
    private long timerForBatch = -1;
    private int inFlight;
    private long sealedNs;
    private boolean turnQueued;
    private boolean paused;
    private boolean hurried;

    /**
     * @param loop runs everything here
     * @param idClockMs milliseconds since 1970 for the ids
     * @param resumed run when there is credit again
     * @param idle run whenever nothing is left here or on its way
     */
    BatchAssembler(
            ScheduledExecutorService loop,
            Outlet outlet,
            Duration batchDelay,
            LongSupplier idClockMs,
            Runnable resumed,
            Runnable idle) {
        this.loop = loop;
        this.outlet = outlet;
        this.resumed = resumed;
        this.idle = idle;
        batchDelayNs = batchDelay.toNanos();
        sealedNs = System.nanoTime() - batchDelayNs;
        builder = new BatchBuilder(new MessageId(idClockMs));
    }

    /** To be called first, before any record. */
    void start() {
        if (outlet.creditBytes() <= 0) {
            pause();
        }
    }

    /** Starts the next record, which belongs to the batch {@link #batch()}. */
    RecordWriter begin(byte[] origin, long receivedNs) {
        return builder.begin(origin, receivedNs);
    }

    /** A look at the record begun, all of whose decoded fields are there. */
    RecordView look() {
        return builder.look();
    }

    /** Ends the record; hands the batch over when it is full. */
    void end() {
        builder.end();
        if (builder.isFull() && (!paused || builder.recordsBytes() >= MOST_BYTES_WHILE_PAUSED)) {
            seal();
        }
    }

    /** No credit: begin no record that can wait. */
    public boolean isPaused() {
        return paused;
    }

    /** The number of the batch being filled, from 0. */
    public long batch() {
        return batch;
    }

    /** Asks to be told when the batch being filled is kept. */
    public void whenKept(KeptListener listener) {
        listeners.add(listener);
    }

    /** To be called after each burst of records: decides at the end of the turn. */
    void endBurst() {
        if (!turnQueued && !builder.isEmpty()) {
            turnQueued = true;
            loop.execute(this::endTurn);
        }
    }

    /** From now on every turn ends with an empty batch: for stopping. */
    void hurry() {
        hurried = true;
        sealIfAllowed();
        reportIdle();
    }

    /** Nothing is being filled and nothing is on its way. */
    boolean isIdle() {
        return inFlight == 0 && builder.isEmpty();
    }

    private void endTurn() {
        turnQueued = false;
        if (builder.isEmpty() || paused) {
            return;
        }
        if (batchDelayNs == 0 || mayGo()) {
            seal();
        } else {
            setTimer();
        }
    }

    /** Whether a batch may go that is not full. */
    private boolean mayGo() {
        return hurried || (inFlight == 0 && (!listeners.isEmpty() || untilDueNs() <= 0));
    }

    private long untilDueNs() {
        return sealedNs + batchDelayNs - System.nanoTime();
    }

    private void setTimer() {
        if (timerForBatch != batch) {
            timerForBatch = batch;
            long delayNs = inFlight == 0 ? untilDueNs() : batchDelayNs;
            var _ = loop.schedule(this::delayPassed, delayNs, TimeUnit.NANOSECONDS);
        }
    }

    private void delayPassed() {
        if (timerForBatch == batch) {
            sealIfAllowed();
        }
    }

    private void sealIfAllowed() {
        if (!builder.isEmpty() && !paused) {
            seal();
        }
    }

    private void seal() {
        long number = batch++;
        List<KeptListener> waiting = listeners;
        listeners = new ArrayList<>();
        inFlight++;
        sealedNs = System.nanoTime();
        outlet.handOver(builder.seal(), () -> onLoop(loop, () -> kept(number, waiting)));
        if (!paused && outlet.creditBytes() <= 0) {
            pause();
        }
    }

    private void kept(long number, List<KeptListener> waiting) {
        inFlight--;
        waiting.forEach(listener -> listener.kept(number));
        if (mayGo()) {
            sealIfAllowed();
        } else if (inFlight == 0 && !builder.isEmpty() && !paused) {
            setTimer();
        }
        reportIdle();
    }

    private void reportIdle() {
        if (isIdle()) {
            idle.run();
        }
    }

    private void pause() {
        paused = true;
        outlet.whenReady(() -> onLoop(loop, this::resume));
    }

    private void resume() {
        if (outlet.creditBytes() <= 0) {
            // Another event loop of this process was faster.
            outlet.whenReady(() -> onLoop(loop, this::resume));
            return;
        }
        paused = false;
        if (builder.isFull()) {
            seal();
        }
        if (!paused) {
            endBurst();
            resumed.run();
        }
    }

    private static void onLoop(Executor loop, Runnable task) {
        try {
            loop.execute(task);
        } catch (RejectedExecutionException stopped) {
            // The listener was closed before its batches were kept; there is nobody left to tell.
        }
    }
}
