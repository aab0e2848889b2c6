package io.skewer.store.deadletter;

import io.skewer.store.segment.SegmentMaker;
import io.skewer.store.segment.SegmentWriter;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes dead letters, many at a time, on a thread of its own. A record counts as settled only after its letter is written (and synced,
 * when the store syncs): a crash between the two makes a duplicate, never a loss. While letters cannot be written, the records stay
 * unsettled, and {@link #add} blocks when many wait.
 */
public final class DeadLetters {
    private static final Logger LOG = LoggerFactory.getLogger(DeadLetters.class);
    private static final int WAITING_MAX = 4096;
    private static final long SEGMENT_BYTES = 16L * 1024 * 1024;
    private static final long RETRY_MS = 1000;

    /** What is to be written, and what to do then. */
    private sealed interface Work {
        record Letter(Failed failed) implements Work {}

        record Forget(Gone gone, Runnable kept) implements Work {}

        /** Wakes the thread when nothing else would. */
        record End() implements Work {}
    }

    /** Work as it stands in the file. */
    private record Written(List<byte[]> bodies, Runnable kept) {}

    private final SegmentMaker maker;
    private final RecordCutter cutter;
    private final LongSupplier clockMs;
    private final BlockingQueue<Work> waiting = new ArrayBlockingQueue<>(WAITING_MAX);
    private final Thread thread =
            Thread.ofPlatform().name("skewer-dead-letters").unstarted(this::run);

    private volatile boolean closing;
    private volatile boolean halted;
    private volatile long nextLetter;
    private @Nullable SegmentWriter writer;

    /**
     * @param batches finds a batch by its number
     * @param clockMs ms since 1970 UTC
     */
    public DeadLetters(
            SegmentMaker maker, Function<Long, Optional<byte[]>> batches, long nextLetter, LongSupplier clockMs) {
        this.maker = maker;
        this.cutter = new RecordCutter(batches::apply);
        this.nextLetter = nextLetter;
        this.clockMs = clockMs;
    }

    public void start() {
        thread.start();
    }

    /** Takes a failed record; safe for use by several threads. */
    public void add(Failed failed) throws InterruptedException {
        waiting.put(new Work.Letter(failed));
    }

    /** Notes that letters are gone; safe for use by several threads. */
    public void forget(Gone gone, Runnable kept) throws InterruptedException {
        waiting.put(new Work.Forget(gone, kept));
    }

    /** The number that the next letter gets. */
    public long nextLetter() {
        return nextLetter;
    }

    private void run() {
        List<Work> taken = new ArrayList<>();
        try {
            while (!halted && (!closing || !waiting.isEmpty())) {
                taken.add(waiting.take());
                waiting.drainTo(taken);
                keep(taken.stream().map(this::written).toList());
                taken.clear();
            }
            seal();
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        } catch (IOException cause) {
            LOG.atError()
                    .setMessage("store.dead_letters_not_sealed")
                    .setCause(cause)
                    .log();
        }
    }

    private Written written(Work work) {
        return switch (work) {
            case Work.Letter(Failed failed) -> letter(failed);
            case Work.Forget(Gone gone, Runnable kept) -> new Written(List.of(gone.toBytes()), kept);
            case Work.End() -> new Written(List.of(), () -> {});
        };
    }

    private Written letter(Failed failed) {
        Optional<byte[]> record = switch (failed.source()) {
            case Failed.Source.Log(long batch, int index) -> cutter.cut(batch, index);
            case Failed.Source.Letter(long ignored, byte[] bytes) -> Optional.of(bytes);
        };
        List<byte[]> bodies = new ArrayList<>();
        record.ifPresent(bytes -> bodies.add(new DeadLetter(
                        failed.destination(),
                        (byte) failed.refusal().reasonCode(),
                        failed.refusal().text(),
                        failed.refusal().attempts(),
                        failed.firstMs(),
                        clockMs.getAsLong(),
                        bytes)
                .toBytes()));
        if (failed.source() instanceof Failed.Source.Letter(long number, byte[] ignored)) {
            bodies.add(new Gone(number, number + 1).toBytes());
        }
        return new Written(bodies, () -> failed.settled().settled(record.isPresent()));
    }

    private void keep(List<Written> all) throws InterruptedException {
        while (!halted) {
            try {
                write(all);
                all.forEach(one -> one.kept().run());
                return;
            } catch (IOException cause) {
                abandon();
                LOG.atError()
                        .setMessage("store.dead_letters_failed")
                        .setCause(cause)
                        .log();
                if (closing) {
                    return;
                }
                TimeUnit.MILLISECONDS.sleep(RETRY_MS);
            }
        }
    }

    private void write(List<Written> all) throws IOException {
        long number = nextLetter;
        for (Written one : all) {
            for (byte[] body : one.bodies()) {
                writerFor(body.length, number).add(body, 1);
                number++;
            }
        }
        SegmentWriter open = writer;
        if (open != null) {
            finish(open);
        }
        nextLetter = number;
    }

    private SegmentWriter writerFor(int bodyBytes, long number) throws IOException {
        SegmentWriter open = writer;
        if (open != null && !open.isEmpty() && open.bytesWith(bodyBytes) > SEGMENT_BYTES) {
            finish(open);
            open.seal(maker.sync());
            open = null;
            // If the rest of the group fails, its first part stands in a sealed segment already: letters twice, none
            // lost.
            nextLetter = number;
        }
        if (open == null) {
            open = maker.make(number, number - 1);
        }
        writer = open;
        return open;
    }

    private void finish(SegmentWriter open) throws IOException {
        open.write();
        if (maker.sync()) {
            open.sync();
        }
        open.commit();
    }

    private void abandon() {
        if (writer != null) {
            writer.abandon();
            writer = null;
        }
    }

    private void seal() throws IOException {
        if (writer != null && !halted) {
            writer.seal(maker.sync());
        }
        abandon();
    }

    /** Writes what waits, closes the file, and ends the thread. */
    public void close() throws InterruptedException {
        closing = true;
        waiting.put(new Work.End());
        thread.join();
    }

    /** Ends the thread without writing anything more. */
    public void halt() throws InterruptedException {
        halted = true;
        waiting.clear();
        waiting.put(new Work.End());
        thread.join();
    }
}
