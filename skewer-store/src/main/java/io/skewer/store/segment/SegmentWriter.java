package io.skewer.store.segment;

import io.skewer.store.disk.Disk;
import io.skewer.store.disk.DiskFile;
import java.io.IOException;
import java.util.Arrays;

/**
 * Writes one segment from its header to its end, once. Batches are staged in memory, written together, and count as committed when
 * the caller says so. Used by one thread. After any {@link IOException} only {@link #abandon()} may be called: a failed sync may have
 * lost pages that the kernel believes to be written, so such a file is never synced again.
 */
public final class SegmentWriter {
    /** The longest batch, and what the dead letters add to a record. */
    public static final int MAX_BODY_BYTES = 4 * 1024 * 1024 + 64 * 1024;

    static final int MAX_OVERHEAD_BYTES = 16;
    /** Staged bytes are written when there are so many: larger writes are not faster. */
    private static final int STAGE_BYTES = 1024 * 1024;

    private final Segment segment;
    private final Disk disk;
    private final String folder;
    private final StoreKeys keys;
    private final DiskFile file;
    private final BatchSeal seal;
    private final FrameChecksum checksum;

    private byte[] staged = new byte[STAGE_BYTES + 64 * 1024];
    private int stagedBytes;
    private final long reservedBytes;
    private long writtenBytes;
    private long committedBytes;
    private long nextBatch;
    private long nextRecord;
    private long batches;

    private SegmentWriter(
            Disk disk, String folder, SegmentHeader header, StoreKeys keys, DiskFile file, long reservedBytes) {
        this.disk = disk;
        this.folder = folder;
        this.keys = keys;
        this.file = file;
        this.reservedBytes = reservedBytes;
        this.segment = new Segment(disk, folder, header, false, SegmentHeader.BYTES);
        this.segment.reserved(reservedBytes);
        this.segment.written(true);
        this.seal = new BatchSeal(header, keys);
        this.checksum = new FrameChecksum(header.salt());
        this.writtenBytes = SegmentHeader.BYTES;
        this.committedBytes = SegmentHeader.BYTES;
        this.nextBatch = header.firstBatch();
        this.nextRecord = header.firstRecord();
    }

    /**
     * Makes a spare file the segment of that header. Not synced before the first batch is: what a power loss leaves of a header alone is no
     * segment.
     */
    static SegmentWriter begin(
            Disk disk, SegmentMaker.Place place, SegmentHeader header, StoreKeys keys, SpareSegment spare)
            throws IOException {
        String path = new Segment(disk, place.folder(), header, false, 0).path();
        try {
            byte[] bytes = header.toBytes(keys);
            spare.file().write(bytes, 0, bytes.length, 0);
            spare.rename(path);
            if (place.sync()) {
                disk.syncFolder(place.folder());
            }
        } catch (IOException cause) {
            try {
                spare.discard();
                disk.delete(path);
            } catch (IOException second) {
                cause.addSuppressed(second);
            }
            throw cause;
        }
        return new SegmentWriter(disk, place.folder(), header, keys, spare.file(), spare.bytes());
    }

    private static void closeQuietly(DiskFile file, IOException cause) {
        try {
            file.close();
        } catch (IOException second) {
            cause.addSuppressed(second);
        }
    }

    public Segment segment() {
        return segment;
    }

    /** How long the file would be with this body as its next batch, without the end. */
    public long bytesWith(int bodyBytes) {
        return writtenBytes + stagedBytes + FrameHead.BYTES + bodyBytes + seal.overheadBytes();
    }

    /** Whether a batch was added. */
    public boolean isEmpty() {
        return batches == 0;
    }

    /**
     * Adds a batch: it gets the next number. Writes when much is staged.
     *
     * @param count its records
     */
    public void add(byte[] body, int count) throws IOException {
        if (body.length == 0 || body.length > MAX_BODY_BYTES || count <= 0) {
            throw new IllegalArgumentException("body of " + body.length + " bytes, " + count + " records");
        }
        FrameHead head = new FrameHead(body.length + seal.overheadBytes(), nextBatch, nextRecord, count);
        if (stagedBytes > 0 && stagedBytes + head.frameBytes() > STAGE_BYTES) {
            write();
        }
        if (staged.length - stagedBytes < head.frameBytes()) {
            staged = Arrays.copyOf(staged, stagedBytes + head.frameBytes());
        }
        head.write(staged, stagedBytes);
        seal.seal(head, body, staged, stagedBytes + FrameHead.BYTES);
        int sum = checksum.of(staged, stagedBytes, head.frameBytes());
        LittleEndian.putInt(staged, stagedBytes + FrameHead.CHECKSUM_AT, sum);
        checksum.roll(sum);
        stagedBytes += head.frameBytes();
        nextBatch++;
        nextRecord += count;
        batches++;
    }

    /** Writes what is staged. */
    public void write() throws IOException {
        file.write(staged, 0, stagedBytes, writtenBytes);
        writtenBytes += stagedBytes;
        stagedBytes = 0;
    }

    /** Makes what was written safe against power loss. */
    public void sync() throws IOException {
        file.sync();
    }

    /** From now on others may read what was written. */
    public void commit() {
        committedBytes = writtenBytes;
        segment.committed(committedBytes);
    }

    /**
     * Closes the segment for good; everything was written and committed.
     *
     * @param sync whether all that shall survive a power loss
     */
    public void seal(boolean sync) throws IOException {
        if (stagedBytes != 0 || committedBytes != writtenBytes) {
            throw new IllegalStateException(segment + " is sealed before it is committed");
        }
        try {
            close(sync);
        } finally {
            segment.written(false);
        }
    }

    private void close(boolean sync) throws IOException {
        byte[] end = new SegmentEnd(false, nextBatch, nextRecord, batches, writtenBytes, checksum.rolling())
                .toBytes(segment.header(), keys);
        try (file) {
            file.write(end, 0, end.length, writtenBytes);
            if (writtenBytes + end.length < reservedBytes) {
                file.truncate(writtenBytes + end.length);
            }
            segment.reserved(0);
            if (sync) {
                file.sync();
            }
        }
        segment.rename();
        if (sync) {
            disk.syncFolder(folder);
        }
    }

    /** Lets the file go as it is after a failure; what is committed stays readable. @return whether anything is */
    public boolean abandon() {
        IOException ignored = new IOException("abandoned");
        closeQuietly(file, ignored);
        segment.written(false);
        return committedBytes > SegmentHeader.BYTES;
    }
}
