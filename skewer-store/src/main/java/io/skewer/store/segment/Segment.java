package io.skewer.store.segment;

import io.skewer.store.disk.Disk;
import io.skewer.store.disk.DiskFile;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * One file of batches: {@code <id>.open} while it is written, {@code <id>.seg} once it is closed for good. Safe for use by several
 * threads: one writes, others read what is committed.
 */
public final class Segment {
    public static final String OPEN = ".open";
    public static final String SEALED = ".seg";

    private final Disk disk;
    private final String folder;
    private final SegmentHeader header;
    /** Held over renaming and opening, so that nobody opens a name that is just going. */
    private final ReentrantLock naming = new ReentrantLock();

    private volatile boolean sealed;
    private volatile boolean written;
    private volatile long committedBytes;
    private volatile long reservedBytes;

    Segment(Disk disk, String folder, SegmentHeader header, boolean sealed, long committedBytes) {
        this.disk = disk;
        this.folder = folder;
        this.header = header;
        this.sealed = sealed;
        this.committedBytes = committedBytes;
    }

    /** What may be found out about a file from its first and last bytes. */
    public sealed interface Look {
        record Sound(Segment segment) implements Look {}

        /** The header is right, but another secret wrote it. */
        record OtherSecret(long keyId) implements Look {}

        record Damaged(long sizeBytes) implements Look {}
    }

    /**
     * Reads a file's header, or its copy at the end.
     *
     * @param name with the suffix that tells whether it is sealed
     */
    public static Look look(Disk disk, String folder, String name, StoreKeys keys) throws IOException {
        boolean sealed = name.endsWith(SEALED);
        try (DiskFile file = disk.openToRead(path(folder, name))) {
            long size = file.size();
            byte[] head = new byte[SegmentHeader.BYTES];
            long[] places = {0, size - SegmentHeader.BYTES};
            for (long place : places) {
                if (place < 0 || file.read(head, 0, head.length, place) < head.length) {
                    continue;
                }
                Optional<SegmentHeader> header =
                        SegmentHeader.read(head, 0).filter(found -> name.startsWith(fileNumber(found.segment())));
                if (header.isPresent() && keys.withId(header.get().keyId()).isEmpty()) {
                    return new Look.OtherSecret(header.get().keyId());
                }
                if (header.isPresent() && header.get().isAuthentic(keys, head, 0)) {
                    return new Look.Sound(new Segment(disk, folder, header.get(), sealed, size));
                }
            }
            return new Look.Damaged(size);
        }
    }

    /** Whether a file is one of segments, going by its name. */
    public static boolean isName(String name) {
        return name.matches("\\d{16,18}\\.(seg|open)");
    }

    public static String path(String folder, String name) {
        return folder.isEmpty() ? name : folder + "/" + name;
    }

    private static String fileNumber(long id) {
        return String.format("%016d", id);
    }

    public SegmentHeader header() {
        return header;
    }

    public long id() {
        return header.segment();
    }

    public boolean isSealed() {
        return sealed;
    }

    /** Whether somebody still writes to it: then it must not be deleted. */
    boolean isWritten() {
        return written;
    }

    void written(boolean now) {
        written = now;
    }

    /** The file's path in the directory of the store. */
    public String path() {
        return path(folder, fileNumber(header.segment()) + (sealed ? SEALED : OPEN));
    }

    /** How many bytes may be read; those behind are not committed yet. */
    public long committedBytes() {
        return committedBytes;
    }

    /** How many bytes of the disk the file takes, as far as is known here. */
    public long takenBytes() {
        return Math.max(committedBytes, reservedBytes);
    }

    void reserved(long bytes) {
        reservedBytes = bytes;
    }

    void committed(long bytes) {
        committedBytes = bytes;
    }

    DiskFile openToRead() throws IOException {
        naming.lock();
        try {
            return disk.openToRead(path());
        } finally {
            naming.unlock();
        }
    }

    void rename() throws IOException {
        naming.lock();
        try {
            String from = path();
            disk.rename(from, path(folder, fileNumber(header.segment()) + SEALED));
            sealed = true;
        } finally {
            naming.unlock();
        }
    }

    public boolean exists() {
        naming.lock();
        try {
            return disk.exists(path());
        } finally {
            naming.unlock();
        }
    }

    public void delete() throws IOException {
        naming.lock();
        try {
            disk.delete(path());
        } finally {
            naming.unlock();
        }
    }

    /** The end of a sealed segment. @return empty when it is damaged or not there */
    public Optional<SegmentEnd> end(StoreKeys keys) throws IOException {
        try (DiskFile file = openToRead()) {
            return readEnd(file, keys);
        }
    }

    Optional<SegmentEnd> readEnd(DiskFile file, StoreKeys keys) throws IOException {
        byte[] bytes = new byte[SegmentEnd.BYTES];
        long at = file.size() - SegmentEnd.WITH_HEADER_BYTES;
        if (at < SegmentHeader.BYTES || file.read(bytes, 0, bytes.length, at) < bytes.length) {
            return Optional.empty();
        }
        return SegmentEnd.read(bytes, 0, header, keys).filter(end -> end.dataBytes() == at);
    }

    @Override
    public String toString() {
        return path();
    }
}
