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
    private static final int NO_ATTEMPTS_KNOWN = 0;

    /**
     * A record that failed.
     *
     * @param settled runs once the letter is kept; {@code false}: the record could not be read any more
     */
    public record Failed(String destination, long batch, int record, byte reasonCode, String text, Settled settled) {}

    /** What to do once the letter is kept. */
    @FunctionalInterface
    public interface Settled {
        /** @param kept whether there is a letter; else the record is damaged and lost */
        void settled(boolean kept);
    }

    private record Letter(Failed failed, Optional<byte[]> body) {}

    private final SegmentMaker maker;
    private final RecordCutter cutter;
    private final LongSupplier clockMs;
    private final BlockingQueue<Failed> waiting = new ArrayBlockingQueue<>(WAITING_MAX);
    private final Thread thread =
            Thread.ofPlatform().name("skewer-dead-letters").unstarted(this::run);
    /** Wakes the thread when nothing else would. */
    private final Failed end = new Failed("", 0, 0, (byte) 0, "", kept -> {});

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
        waiting.put(failed);
    }

    /** The number that the next letter gets. */
    public long nextLetter() {
        return nextLetter;
    }

    private void run() {
        List<Failed> taken = new ArrayList<>();
        try {
            while (!halted && (!closing || !waiting.isEmpty())) {
                taken.add(waiting.take());
                waiting.drainTo(taken);
                taken.remove(end);
                keep(taken);
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

    private void keep(List<Failed> taken) throws InterruptedException {
        List<Letter> letters = new ArrayList<>();
        for (Failed failed : taken) {
            letters.add(new Letter(
                    failed,
                    cutter.cut(failed.batch(), failed.record())
                            .map(record -> new DeadLetter(
                                            failed.destination(),
                                            failed.reasonCode(),
                                            failed.text(),
                                            NO_ATTEMPTS_KNOWN,
                                            clockMs.getAsLong(),
                                            record)
                                    .toBytes())));
        }
        while (!halted) {
            try {
                write(letters);
                letters.forEach(letter ->
                        letter.failed().settled().settled(letter.body().isPresent()));
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

    private void write(List<Letter> letters) throws IOException {
        long number = nextLetter;
        for (Letter letter : letters) {
            if (letter.body().isPresent()) {
                byte[] body = letter.body().get();
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
        waiting.put(end);
        thread.join();
    }

    /** Ends the thread without writing anything more. */
    public void halt() throws InterruptedException {
        halted = true;
        waiting.clear();
        waiting.put(end);
        thread.join();
    }
}
