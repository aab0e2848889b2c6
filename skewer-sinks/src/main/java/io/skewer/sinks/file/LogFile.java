package io.skewer.sinks.file;

import io.skewer.core.message.ByteBuilder;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A file on disk that only ever grows by whole buffers. Used by one thread.
 *
 * <p>A write that fails in the middle is taken back: the file is cut to the length it had before, at once or, when that fails too, before the
 * next write. So a line is never there twice in part. What a crash leaves at the end of a file is told apart when it is opened: half a
 * line gets its line end, half a gzip member is cut off (it was never settled). This process is the only one that may
 * write to the file; others may read, move, or truncate it.
 */
final class LogFile implements AutoCloseable {
    private static final byte[] LINE_END = {'\n'};

    private final Path path;
    private final FileChannel channel;
    private final @Nullable Object identity;
    /** Where to cut before the next write, or -1. */
    private long cutTo = -1;

    private LogFile(Path path, FileChannel channel, @Nullable Object identity) {
        this.path = path;
        this.channel = channel;
        this.identity = identity;
    }

    /**
     * Opens or makes a file under {@code base}, with the directories between.
     *
     * @throws ForeignFile when there is something else in its place, or a link on the way to it
     */
    static LogFile open(Path base, Path path, boolean isGzip) throws IOException {
        makeDirectories(base, path);
        BasicFileAttributes before = attributes(path);
        if (before != null && !before.isRegularFile()) {
            throw new ForeignFile(path);
        }
        if (before != null && before.size() > 0) {
            repair(path, isGzip);
        }
        FileChannel channel = FileChannel.open(
                path,
                Set.of(
                        StandardOpenOption.WRITE,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.APPEND,
                        LinkOption.NOFOLLOW_LINKS));
        BasicFileAttributes now = attributes(path);
        return new LogFile(path, channel, now == null ? null : now.fileKey());
    }

    private static void makeDirectories(Path base, Path path) throws IOException {
        Files.createDirectories(base);
        Path directory = base;
        Path parent = Objects.requireNonNull(path.getParent());
        for (Path name : base.relativize(parent)) {
            directory = directory.resolve(name);
            BasicFileAttributes found = attributes(directory);
            if (found == null) {
                if (!name.toString().isEmpty()) {
                    Files.createDirectory(directory);
                }
            } else if (!found.isDirectory()) {
                throw new ForeignFile(directory);
            }
        }
    }

    private static void repair(Path path, boolean isGzip) throws IOException {
        try (FileChannel file = FileChannel.open(
                path, Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS))) {
            if (isGzip) {
                file.truncate(GzipMembers.soundLength(file));
                return;
            }
            ByteBuffer last = ByteBuffer.allocate(1);
            long size = file.size();
            if (size > 0 && file.read(last, size - 1) == 1 && last.get(0) != '\n') {
                file.write(ByteBuffer.wrap(LINE_END), size);
            }
        }
    }

    private static @Nullable BasicFileAttributes attributes(Path path) throws IOException {
        try {
            return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        } catch (NoSuchFileException absent) {
            return null;
        }
    }

    /** Appends all of it or nothing. */
    void append(ByteBuilder bytes) throws IOException {
        if (cutTo >= 0) {
            if (channel.size() > cutTo) {
                channel.truncate(cutTo);
            }
            cutTo = -1;
        }
        long before = channel.size();
        ByteBuffer rest = ByteBuffer.wrap(bytes.array(), 0, bytes.length());
        boolean whole = false;
        try {
            while (rest.hasRemaining()) {
                channel.write(rest);
            }
            whole = true;
        } finally {
            if (!whole) {
                takeBack(before);
            }
        }
    }

    private void takeBack(long length) {
        // An interrupt has closed the channel, and would close the next one as well.
        boolean interrupted = Thread.interrupted();
        try {
            if (channel.isOpen()) {
                channel.truncate(length);
            } else {
                takeBackByName(length);
            }
        } catch (IOException alsoThat) {
            cutTo = length;
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void takeBackByName(long length) throws IOException {
        try (FileChannel again = FileChannel.open(path, Set.of(StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS))) {
            if (isInPlace()) {
                again.truncate(length);
            }
        }
    }

    /** Waits until the disk has everything. A failure is final: nobody knows which pages the kernel has dropped. */
    void sync() throws IOException {
        channel.force(false);
    }

    /** Whether the file still has its name: a rotation moves or removes it. */
    boolean isInPlace() throws IOException {
        BasicFileAttributes now = attributes(path);
        return now != null && Objects.equals(now.fileKey(), identity);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
