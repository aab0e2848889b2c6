package io.skewer.store.segment;

import io.skewer.store.disk.Disk;
import io.skewer.store.disk.DiskFile;
import java.io.IOException;
import java.util.UUID;
import java.util.random.RandomGenerator;

/** Makes the new segments of one folder, each with the next id and a salt of its own. Used by one thread, but for
 * {@link #nextId()} and {@link #reserve()}. */
public final class SegmentMaker {
    /** A few ms of a slow disk. */
    private static final long SLICE_BYTES = 1024 * 1024;

    private final Disk disk;
    private final StoreKeys keys;
    private final Place place;
    private final RandomGenerator random;
    private final long reservedBytes;
    private volatile long nextId;

    /**
     * Where segments are made.
     *
     * @param sync whether what is written shall survive a power loss
     */
    public record Place(String folder, SegmentHeader.Kind kind, UUID store, boolean sync) {}

    /** The id of the first one, and how much room each takes at once. */
    public record Start(long nextId, long reservedBytes) {}

    /**
     * @param random unpredictable but in tests
     */
    public SegmentMaker(Disk disk, StoreKeys keys, Place place, Start start, RandomGenerator random) {
        this.disk = disk;
        this.keys = keys;
        this.place = place;
        this.nextId = start.nextId();
        this.reservedBytes = start.reservedBytes();
        this.random = random;
    }

    /**
     * Takes the room of a segment to come, filled with zeros. May run beside {@link #make(SpareSegment, long, long)} on another thread; there
     * is one spare at a time.
     *
     * <p>The zeros are synced in slices where the store syncs: the disk then never has more than one slice to write before the sync of a
     * group, and no sync inside the segment has to write where its bytes are.
     */
    public SpareSegment reserve() throws IOException {
        String path = Segment.path(place.folder(), SpareSegment.NAME);
        SpareSegment spare = new SpareSegment(disk, path, empty(path), reservedBytes);
        try {
            for (long at = 0; at < reservedBytes; at += SLICE_BYTES) {
                spare.file().reserve(at, Math.min(reservedBytes, at + SLICE_BYTES));
                if (place.sync()) {
                    spare.file().sync();
                }
            }
            return spare;
        } catch (IOException cause) {
            discard(spare, cause);
            throw cause;
        }
    }

    /** What is left of another spare goes, or is written over when it does not. */
    private DiskFile empty(String path) throws IOException {
        try {
            disk.delete(path);
        } catch (IOException stays) {
            DiskFile left = disk.openToWrite(path);
            left.truncate(0);
            return left;
        }
        return disk.create(path);
    }

    private static void discard(SpareSegment spare, IOException cause) {
        try {
            spare.discard();
        } catch (IOException second) {
            cause.addSuppressed(second);
        }
    }

    /** Makes a segment here and now. */
    public SegmentWriter make(long firstBatch, long firstRecord) throws IOException {
        return make(reserve(), firstBatch, firstRecord);
    }

    /** Makes a segment of a spare one, which is used up whatever happens. */
    public SegmentWriter make(SpareSegment spare, long firstBatch, long firstRecord) throws IOException {
        long id = nextId;
        byte[] salt = new byte[StoreKeys.SALT_BYTES];
        random.nextBytes(salt);
        SegmentHeader header =
                new SegmentHeader(place.kind(), place.store(), id, firstBatch, firstRecord, keys.keyId(), salt);
        nextId = id + 1;
        return SegmentWriter.begin(disk, place, header, keys, spare);
    }

    public boolean sync() {
        return place.sync();
    }

    public long nextId() {
        return nextId;
    }
}
