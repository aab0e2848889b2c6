package io.skewer.store.segment;

import io.skewer.store.disk.Disk;
import io.skewer.store.disk.DiskFile;
import java.io.IOException;

/**
 * What recovery makes of a segment that was being written when the process ended: finds where it ends and closes it there. Nothing is
 * ever appended to it, since its numbers and with them its nonces may have been used for bytes that did not reach the disk whole.
 */
public final class OpenSegment {
    private final Disk disk;
    private final Segment segment;
    private final StoreKeys keys;
    private final FrameChecksum rolling;

    private long dataBytes = SegmentHeader.BYTES;
    private long nextBatch;
    private long nextRecord;
    private long batches;

    public OpenSegment(Disk disk, Segment segment, StoreKeys keys) {
        this.disk = disk;
        this.segment = segment;
        this.keys = keys;
        this.rolling = new FrameChecksum(segment.header().salt());
        this.nextBatch = segment.header().firstBatch();
        this.nextRecord = segment.header().firstRecord();
    }

    /**
     * Finds the last sound batch. Damage before it stays where it is, for the reader to report; what lies behind is not a batch.
     *
     * @param numberEnd the first batch of the segment behind, or {@link Long#MAX_VALUE}
     */
    public OpenSegment scan(long numberEnd) throws IOException {
        var bounds = new SegmentReader.SegmentBounds(keys, numberEnd, (where, from, to, why) -> {});
        try (SegmentReader reader = SegmentReader.open(segment, bounds)) {
            while (reader.next()) {
                rolling.roll(reader.frameChecksum());
                dataBytes = reader.endOffset();
                nextBatch = reader.number() + 1;
                nextRecord = reader.firstRecord() + reader.count();
                batches++;
            }
        }
        return this;
    }

    public boolean isEmpty() {
        return batches == 0;
    }

    /** Where the last sound batch ends. */
    public long dataBytes() {
        return dataBytes;
    }

    public long nextBatch() {
        return nextBatch;
    }

    public long nextRecord() {
        return nextRecord;
    }

    /** Cuts behind the last sound batch and closes the segment there, safe against power loss. */
    public void seal(String folder) throws IOException {
        byte[] end = new SegmentEnd(true, nextBatch, nextRecord, batches, dataBytes, rolling.rolling())
                .toBytes(segment.header(), keys);
        try (DiskFile file = disk.openToWrite(segment.path())) {
            file.truncate(dataBytes);
            file.write(end, 0, end.length, dataBytes);
            file.sync();
        }
        segment.committed(dataBytes + end.length);
        segment.rename();
        disk.syncFolder(folder);
    }
}
