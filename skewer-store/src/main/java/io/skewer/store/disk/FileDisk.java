package io.skewer.store.disk;

import java.io.Closeable;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A directory of the file system. Writes go through channels and never through mapped memory: with a mapping, a full or broken
 * disk would arrive as a signal instead of an {@link IOException}.
 */
public final class FileDisk implements Disk {
    private static final String LOCK_FILE = "lock";
    private static final FileAttribute<?>[] NOTHING = {};

    private final Path directory;
    private final boolean hasPermissions;

    /** Makes the directory when it is not there. */
    public FileDisk(Path directory) throws IOException {
        this.directory = directory.toAbsolutePath();
        this.hasPermissions =
                this.directory.getFileSystem().supportedFileAttributeViews().contains("posix");
        if (!Files.isDirectory(this.directory)) {
            Files.createDirectories(this.directory, permissions("rwx------"));
        }
    }

    private FileAttribute<?>[] permissions(String mode) {
        return hasPermissions
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(mode))}
                : NOTHING;
    }

    @Override
    public List<String> list(String folder) throws IOException {
        Path where = directory.resolve(folder);
        if (!Files.isDirectory(where)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(where)) {
            return files.filter(Files::isRegularFile)
                    .map(file -> file.getFileName().toString())
                    .sorted()
                    .toList();
        }
    }

    @Override
    public boolean exists(String name) {
        return Files.exists(directory.resolve(name));
    }

    @Override
    public void makeFolder(String folder) throws IOException {
        Path where = directory.resolve(folder);
        if (!Files.isDirectory(where)) {
            Files.createDirectory(where, permissions("rwx------"));
            syncFolder("");
        }
    }

    @Override
    public DiskFile create(String name) throws IOException {
        return new WrittenFile(FileChannel.open(
                directory.resolve(name),
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE),
                permissions("rw-------")));
    }

    @Override
    public DiskFile openToWrite(String name) throws IOException {
        return new WrittenFile(
                FileChannel.open(directory.resolve(name), StandardOpenOption.READ, StandardOpenOption.WRITE));
    }

    @Override
    public DiskFile openToRead(String name) throws IOException {
        return new ReadFile(new RandomAccessFile(directory.resolve(name).toFile(), "r"));
    }

    @Override
    public void rename(String from, String to) throws IOException {
        Files.move(directory.resolve(from), directory.resolve(to), StandardCopyOption.ATOMIC_MOVE);
    }

    @Override
    public void delete(String name) throws IOException {
        Files.deleteIfExists(directory.resolve(name));
    }

    @Override
    public void syncFolder(String folder) throws IOException {
        try (FileChannel channel = FileChannel.open(directory.resolve(folder), StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    @Override
    public long freeBytes() throws IOException {
        return directory.toFile().getUsableSpace();
    }

    @Override
    public Closeable lock() throws IOException {
        FileChannel channel = FileChannel.open(
                directory.resolve(LOCK_FILE),
                Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
                permissions("rw-------"));
        @Nullable FileLock lock = null;
        try {
            lock = channel.tryLock();
        } catch (OverlappingFileLockException sameProcess) {
            // The answer is the same as for another process: somebody works here.
            lock = null;
        } finally {
            if (lock == null) {
                channel.close();
            }
        }
        if (lock == null) {
            throw new StoreInUseException(
                    "the store in " + directory + " is in use by another process; a store has one owner");
        }
        return channel;
    }

    @Override
    public Watch watch() throws IOException {
        WatchService service = directory.getFileSystem().newWatchService();
        try {
            directory.register(service, StandardWatchEventKinds.ENTRY_CREATE);
        } catch (IOException cause) {
            service.close();
            throw cause;
        }
        return new DirectoryWatch(service);
    }

    @Override
    public String toString() {
        return directory.toString();
    }

    /** The kernel tells: inotify on Linux. The thread that asks it is the JDK's and sleeps until there is something. */
    private record DirectoryWatch(WatchService service) implements Watch {
        @Override
        public boolean await() throws InterruptedException {
            try {
                WatchKey key = service.take();
                key.pollEvents();
                return key.reset();
            } catch (ClosedWatchServiceException closed) {
                return false;
            }
        }

        @Override
        public void close() throws IOException {
            service.close();
        }
    }

    private static final class WrittenFile implements DiskFile {
        private final FileChannel channel;

        WrittenFile(FileChannel channel) {
            this.channel = channel;
        }

        @Override
        public long size() throws IOException {
            return channel.size();
        }

        @Override
        public int read(byte[] target, int offset, int length, long position) throws IOException {
            ByteBuffer buffer = ByteBuffer.wrap(target, offset, length);
            while (buffer.hasRemaining()) {
                if (channel.read(buffer, position + length - buffer.remaining()) < 0) {
                    break;
                }
            }
            return length - buffer.remaining();
        }

        @Override
        public void write(byte[] source, int offset, int length, long position) throws IOException {
            ByteBuffer buffer = ByteBuffer.wrap(source, offset, length);
            while (buffer.hasRemaining()) {
                channel.write(buffer, position + length - buffer.remaining());
            }
        }

        @Override
        public void sync() throws IOException {
            channel.force(false);
        }

        @Override
        public void truncate(long size) throws IOException {
            channel.truncate(size);
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }

    /** Not a channel: a channel closes itself when its thread is interrupted, which would look like a broken disk. */
    private static final class ReadFile implements DiskFile {
        private final RandomAccessFile file;

        ReadFile(RandomAccessFile file) {
            this.file = file;
        }

        @Override
        public long size() throws IOException {
            return file.length();
        }

        @Override
        public int read(byte[] target, int offset, int length, long position) throws IOException {
            file.seek(position);
            int done = 0;
            while (done < length) {
                int count = file.read(target, offset + done, length - done);
                if (count < 0) {
                    break;
                }
                done += count;
            }
            return done;
        }

        @Override
        public void write(byte[] source, int offset, int length, long position) {
            throw new IllegalStateException("open for reading only");
        }

        @Override
        public void sync() {
            throw new IllegalStateException("open for reading only");
        }

        @Override
        public void truncate(long size) {
            throw new IllegalStateException("open for reading only");
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }
}
