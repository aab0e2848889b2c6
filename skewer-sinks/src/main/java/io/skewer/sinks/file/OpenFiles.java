package io.skewer.sinks.file;

import io.skewer.core.config.FileDestination;
import io.skewer.core.fault.FaultText;
import io.skewer.core.message.ByteBuilder;
import io.skewer.sinks.Backoff;
import io.skewer.sinks.Failure;
import io.skewer.sinks.HeldWeight;
import io.skewer.sinks.Refusals;
import io.skewer.sinks.Shipment;
import io.skewer.sinks.Sink;
import io.skewer.sinks.Tally;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The files in use, the one unused longest first, and what may go wrong with them.
 *
 * <table>
 * <caption>Reactions</caption>
 * <tr><td>opening or writing fails (disk full, I/O error)</td><td>log once, try again with growing pauses, settle nothing</td></tr>
 * <tr><td>something else stands in the file's place</td><td>that message fails</td></tr>
 * <tr><td>one file may not be opened (rights, no possible name)</td><td>its lines wait in its buffer and others go on; tried eight times with growing
 * pauses, then they fail, or sooner when its buffer is full or too much waits so</td></tr>
 * <tr><td>no file may be opened, nor may any be made</td><td>all wait: that says nothing about one of them</td></tr>
 * <tr><td>too many open files in this process</td><td>close the one unused longest</td></tr>
 * <tr><td>the disk does not confirm ({@code sync})</td><td>the process ends: what was not settled is offered again</td></tr>
 * <tr><td>somebody moved or removed the file</td><td>a new one is made, within a second</td></tr>
 * </table>
 *
 * <p>Used by one thread; {@link #count} by any.
 */
final class OpenFiles {
    private static final Logger LOG = LoggerFactory.getLogger(OpenFiles.class);
    private static final long ROTATION_LOOK_NS = 1_000_000_000L;
    private static final long SAY_AGAIN_NS = 10_000_000_000L;

    /** As {@link LogFile#open}. */
    @FunctionalInterface
    interface Opener {
        LogFile open(Path base, Path path, boolean isGzip) throws IOException;
    }

    /** How files are opened, and the first pause after one was refused. */
    record Opening(Opener opener, Duration firstPause) {
        static final Opening REAL = new Opening(LogFile::open, Duration.ofMillis(100));
    }

    private final FileDestination settings;
    private final Opening opening;
    private final Path base;
    private final Tally tally;
    private final @Nullable GzipMembers gzip;
    private final ByteBuilder packed = new ByteBuilder(0);
    private final Map<ByteBuffer, OpenFile> files = new LinkedHashMap<>(16, 0.75f, true);
    private final HeldWeight held = new HeldWeight();
    private final List<OpenFile> dirty = new ArrayList<>();
    private final Backoff pauses = new Backoff(Duration.ofMillis(100), Duration.ofSeconds(10));
    private @Nullable OpenFile last;
    private long dirtySinceNs;
    private long foreignSaidNs = System.nanoTime() - 2 * SAY_AGAIN_NS;
    private boolean inTrouble;
    private boolean isClosing;
    private volatile int count;

    OpenFiles(FileDestination settings, Opening opening, Path base, Tally tally) {
        this.settings = settings;
        this.opening = opening;
        this.base = base;
        this.tally = tally;
        gzip = settings.gzip() ? new GzipMembers(settings.gzipLevel()) : null;
    }

    int count() {
        return count;
    }

    /** The file of that name; null when something else stands in its place. Waits while it cannot be opened. */
    @Nullable
    OpenFile get(ByteBuilder name, long nowNs) throws InterruptedException {
        OpenFile found = last;
        if (found == null || !Arrays.equals(found.name(), 0, found.name().length, name.array(), 0, name.length())) {
            found = files.get(ByteBuffer.wrap(name.array(), 0, name.length()));
        }
        if (found != null && isMoved(found, nowNs)) {
            LOG.atInfo()
                    .setMessage("file.rotated")
                    .addKeyValue("file", text(found.name()))
                    .log();
            remove(found);
            found = null;
        }
        if (found == null) {
            found = open(name.toByteArray(), nowNs);
        }
        last = found;
        return found;
    }

    private static boolean isMoved(OpenFile file, long nowNs) {
        try {
            return file.isMoved(nowNs, ROTATION_LOOK_NS);
        } catch (IOException cause) {
            // The next write meets the same trouble and reacts to it.
            return false;
        }
    }

    private @Nullable OpenFile open(byte[] name, long nowNs) throws InterruptedException {
        if (files.size() >= settings.openFilesMax()) {
            remove(files.values().iterator().next());
        }
        OpenFile file = new OpenFile(name, settings.bufferSize(), new Refusals(opening.firstPause()), held, nowNs);
        try {
            while (!tryOpen(file)) {
                pauses.pause();
                tally.retried();
            }
        } catch (ForeignFile cause) {
            if (nowNs - foreignSaidNs > SAY_AGAIN_NS) {
                foreignSaidNs = nowNs;
                LOG.atWarn()
                        .setMessage("file.foreign")
                        .addKeyValue("file", path(name))
                        .log();
            }
            return null;
        }
        files.put(ByteBuffer.wrap(name), file);
        count = files.size();
        return file;
    }

    private Path path(byte[] name) {
        return base.resolve(text(name) + (gzip == null ? "" : ".gz"));
    }

    /**
     * Opens a file, or notes that it is refused.
     *
     * @return false when the trouble is not that of one file
     */
    private boolean tryOpen(OpenFile file) throws ForeignFile, InterruptedException {
        try {
            file.opened(opening.opener().open(base, path(file.name()), gzip != null));
            recovered();
            return true;
        } catch (ForeignFile cause) {
            throw cause;
        } catch (IOException cause) {
            FileRefusal refusal = FileRefusal.of(cause).orElse(null);
            if (refusal != null) {
                refused(file, refusal, cause);
                return true;
            }
            trouble(path(file.name()).toString(), cause);
            return String.valueOf(cause.getMessage()).contains("Too many open files")
                    && closeUnusedLongest()
                    && tryOpen(file);
        }
    }

    private void refused(OpenFile file, FileRefusal refusal, IOException cause) {
        boolean isNews = !file.isRefused();
        if (isAnyWritable()) {
            file.refused(refusal, System.nanoTime());
        } else {
            file.later(refusal, System.nanoTime());
        }
        if (isNews) {
            LOG.atWarn()
                    .setMessage("file.refused")
                    .addKeyValue("file", path(file.name()))
                    .addKeyValue("reason", FaultText.reason(cause))
                    .log();
        }
    }

    /**
     * Whether files can be made in the base or in another directory that is in use: or else a refusal says nothing about the one file. That a file is
     * open, perhaps for long, does not say so.
     */
    private boolean isAnyWritable() {
        return Files.isWritable(base)
                || files.values().stream()
                        .filter(OpenFile::isOpen)
                        .anyMatch(file -> Files.isWritable(
                                Objects.requireNonNull(path(file.name()).getParent())));
    }

    /** @return false when none is open */
    private boolean closeUnusedLongest() throws InterruptedException {
        Optional<OpenFile> oldest =
                files.values().stream().filter(OpenFile::isOpen).findFirst();
        if (oldest.isPresent()) {
            remove(oldest.get());
        }
        return oldest.isPresent();
    }

    /** Tries again to open a file when it is time. @return false when its lines wait on, or have failed */
    private boolean openAgain(OpenFile file) throws InterruptedException {
        while (!file.isOpen() && (file.isDue(System.nanoTime()) || file.isFull())) {
            if (file.isDue(System.nanoTime()) && !tryDue(file)) {
                pauseUnlessClosing();
            } else if (!file.isOpen() && isAnyWritable()) {
                if (file.isHopeless() || file.isFull()) {
                    giveUp(file);
                }
                return false;
            } else if (!file.isOpen() && !file.isFull()) {
                return false;
            } else if (!file.isOpen()) {
                pauseUnlessClosing();
            }
        }
        return file.isOpen();
    }

    private boolean tryDue(OpenFile file) throws InterruptedException {
        tally.retried();
        try {
            return tryOpen(file);
        } catch (ForeignFile cause) {
            refused(file, FileRefusal.of(cause).orElseThrow(), cause);
            return true;
        }
    }

    private void pauseUnlessClosing() throws InterruptedException {
        if (isClosing) {
            throw new InterruptedException("closing");
        }
        pauses.pause();
    }

    private void giveUp(OpenFile file) {
        Failure failure = file.failure();
        int records = file.giveUp();
        for (int i = 0; i < records; i++) {
            tally.failed(failure);
        }
        if (file.shallSay(System.nanoTime())) {
            LOG.atError()
                    .setMessage("file.given_up")
                    .addKeyValue("file", path(file.name()))
                    .addKeyValue("reason", failure.text())
                    .addKeyValue("messages", records)
                    .log();
        }
    }

    /** A line is complete in the buffer of that file. */
    void wrote(OpenFile file, Shipment shipment, int record, long nowNs) throws InterruptedException {
        file.wrote(shipment, record, nowNs);
        if (!file.isListed()) {
            if (dirty.isEmpty()) {
                dirtySinceNs = nowNs;
            }
            file.setListed(true);
            dirty.add(file);
        }
        if (file.isFull()) {
            write(file);
        }
    }

    void flushIfDue(long nowNs) throws InterruptedException {
        if (!dirty.isEmpty() && nowNs - dirtySinceNs >= settings.flushPeriod().toNanos()) {
            flush();
        }
    }

    /** Brings everything to the files, with {@code sync} to the disk. */
    void flush() throws InterruptedException {
        for (OpenFile file : List.copyOf(dirty)) {
            if (file.isDirty()) {
                flush(file);
            }
        }
        // What waits to be opened stays.
        dirty.removeIf(file -> {
            file.setListed(file.isDirty());
            return !file.isDirty();
        });
        dirtySinceNs = System.nanoTime();
    }

    private void flush(OpenFile file) throws InterruptedException {
        write(file);
        if (settings.sync() && file.isOpen()) {
            sync(file);
        }
    }

    private void write(OpenFile file) throws InterruptedException {
        if (file.buffer().length() == 0 || !openAgain(file)) {
            return;
        }
        ByteBuilder bytes = file.buffer();
        if (gzip != null) {
            packed.clear();
            gzip.add(bytes.array(), bytes.length(), packed);
            bytes = packed;
        }
        while (!tryWrite(file, bytes)) {
            pauseUnlessClosing();
            tally.retried();
        }
        recovered();
        tally.sent(file.written(settings.sync()));
    }

    private boolean tryWrite(OpenFile file, ByteBuilder bytes) throws InterruptedException {
        try {
            file.file().append(bytes);
            return true;
        } catch (ClosedByInterruptException cause) {
            Thread.interrupted();
            throw (InterruptedException) new InterruptedException("while writing").initCause(cause);
        } catch (IOException cause) {
            trouble(text(file.name()), cause);
            return false;
        }
    }

    private void sync(OpenFile file) throws InterruptedException {
        try {
            file.file().sync();
        } catch (ClosedByInterruptException cause) {
            Thread.interrupted();
            throw (InterruptedException) new InterruptedException("while syncing").initCause(cause);
        } catch (IOException cause) {
            throw new UncheckedIOException("the disk does not confirm " + text(file.name()), cause);
        }
        tally.sent(file.synced());
    }

    /** @return after how many nanoseconds the next file will have been unused for too long, or {@link Sink#NEVER_NS} */
    long closeUnused(long nowNs) throws InterruptedException {
        long timeoutNs = settings.openFileTimeout().toNanos();
        long nextNs = Sink.NEVER_NS;
        List<OpenFile> unused = new ArrayList<>();
        for (OpenFile file : files.values()) {
            long leftNs = timeoutNs - file.unusedForNs(nowNs);
            if (leftNs < 0) {
                unused.add(file);
            } else {
                nextNs = Math.min(nextNs, leftNs + 1);
            }
        }
        for (OpenFile file : unused) {
            remove(file);
        }
        return nextNs;
    }

    /** @return after how many nanoseconds a file that is refused is due again, or {@link Sink#NEVER_NS} */
    long untilNextTryNs(long nowNs) {
        return dirty.stream()
                .filter(file -> !file.isOpen())
                .mapToLong(file -> Math.max(1, file.dueNs() - nowNs))
                .min()
                .orElse(Sink.NEVER_NS);
    }

    private void remove(OpenFile file) throws InterruptedException {
        if (file.isDirty()) {
            flush(file);
        }
        while (file.isDirty()) {
            // It is not open, and has to go.
            if (isAnyWritable()) {
                giveUp(file);
            } else {
                pauseUnlessClosing();
                flush(file);
            }
        }
        if (file.isListed()) {
            dirty.remove(file);
            file.setListed(false);
        }
        files.remove(ByteBuffer.wrap(file.name()));
        count = files.size();
        if (file == last) {
            last = null;
        }
        shut(file);
    }

    /** Writes what can be written at once, and lets everything go; what could not be written is not settled. */
    void close() {
        try {
            isClosing = true;
            flush();
        } catch (InterruptedException cause) {
            LOG.atWarn().setMessage("file.closed_unwritten").log();
        }
        files.values().forEach(OpenFiles::shut);
        files.clear();
        count = 0;
        if (gzip != null) {
            gzip.close();
        }
    }

    private static void shut(OpenFile file) {
        if (!file.isOpen()) {
            return;
        }
        try {
            file.file().close();
        } catch (IOException cause) {
            LOG.atWarn()
                    .setMessage("file.close_failed")
                    .addKeyValue("file", text(file.name()))
                    .addKeyValue("reason", cause.getMessage())
                    .log();
        }
    }

    private void trouble(String file, IOException cause) {
        if (!inTrouble) {
            LOG.atError()
                    .setMessage("file.unwritable")
                    .addKeyValue("file", file)
                    .addKeyValue("reason", FaultText.reason(cause))
                    .log();
        }
        inTrouble = true;
    }

    private void recovered() {
        if (inTrouble) {
            LOG.atInfo().setMessage("file.writable").log();
            inTrouble = false;
        }
        pauses.reset();
    }

    private static String text(byte[] name) {
        return new String(name, StandardCharsets.UTF_8);
    }
}
