package io.skewer.sinks.file;

import io.skewer.core.config.FileDestination;
import io.skewer.core.message.ByteBuilder;
import io.skewer.sinks.Backoff;
import io.skewer.sinks.Shipment;
import io.skewer.sinks.Sink;
import io.skewer.sinks.Tally;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The files that are open, the one unused longest first, and what may go wrong with them.
 *
 * <table>
 * <caption>Reactions</caption>
 * <tr><td>opening or writing fails (disk full, I/O error, rights)</td><td>log once, try again with growing pauses, settle nothing</td></tr>
 * <tr><td>something else stands in the file's place</td><td>that message fails</td></tr>
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

    private final FileDestination settings;
    private final Path base;
    private final Tally tally;
    private final @Nullable GzipMembers gzip;
    private final ByteBuilder packed = new ByteBuilder(0);
    private final Map<ByteBuffer, OpenFile> files = new LinkedHashMap<>(16, 0.75f, true);
    private final List<OpenFile> dirty = new ArrayList<>();
    private final Backoff pauses = new Backoff(Duration.ofMillis(100), Duration.ofSeconds(10));
    private @Nullable OpenFile last;
    private long dirtySinceNs;
    private boolean inTrouble;
    private boolean isClosing;
    private volatile int count;

    OpenFiles(FileDestination settings, Path base, Tally tally) {
        this.settings = settings;
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
        Path path = base.resolve(text(name) + (gzip == null ? "" : ".gz"));
        while (true) {
            try {
                OpenFile file =
                        new OpenFile(name, LogFile.open(base, path, gzip != null), settings.bufferSize(), nowNs);
                files.put(ByteBuffer.wrap(name), file);
                count = files.size();
                recovered();
                return file;
            } catch (ForeignFile cause) {
                LOG.atWarn()
                        .setMessage("file.foreign")
                        .addKeyValue("file", path)
                        .log();
                return null;
            } catch (IOException cause) {
                trouble(path.toString(), cause);
                if (String.valueOf(cause.getMessage()).contains("Too many open files") && !files.isEmpty()) {
                    remove(files.values().iterator().next());
                } else {
                    pauses.pause();
                    tally.retried();
                }
            }
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
        for (OpenFile file : dirty) {
            if (file.isDirty()) {
                flush(file);
            }
        }
        dirty.forEach(file -> file.setListed(false));
        dirty.clear();
    }

    private void flush(OpenFile file) throws InterruptedException {
        write(file);
        if (settings.sync()) {
            sync(file);
        }
    }

    private void write(OpenFile file) throws InterruptedException {
        if (file.buffer().length() == 0) {
            return;
        }
        ByteBuilder bytes = file.buffer();
        if (gzip != null) {
            packed.clear();
            gzip.add(bytes.array(), bytes.length(), packed);
            bytes = packed;
        }
        while (!tryWrite(file, bytes)) {
            if (isClosing) {
                throw new InterruptedException("closing");
            }
            pauses.pause();
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

    private void remove(OpenFile file) throws InterruptedException {
        if (file.isDirty()) {
            flush(file);
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
                    .addKeyValue("reason", cause.toString())
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
