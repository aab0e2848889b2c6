package io.skewer.store.segment;

import io.skewer.store.disk.Disk;
import java.io.IOException;
import java.util.UUID;
import java.util.random.RandomGenerator;

/** Makes the new segments of one folder, each with the next id and a salt of its own. Used by one thread, but for {@link #nextId()}. */
public final class SegmentMaker {
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

    public SegmentWriter make(long firstBatch, long firstRecord) throws IOException {
        long id = nextId;
        byte[] salt = new byte[StoreKeys.SALT_BYTES];
        random.nextBytes(salt);
        SegmentHeader header =
                new SegmentHeader(place.kind(), place.store(), id, firstBatch, firstRecord, keys.keyId(), salt);
        nextId = id + 1;
        return SegmentWriter.create(
                disk, place.folder(), header, keys, new SegmentWriter.Size(reservedBytes, place.sync()));
    }

    public boolean sync() {
        return place.sync();
    }

    public long nextId() {
        return nextId;
    }
}
