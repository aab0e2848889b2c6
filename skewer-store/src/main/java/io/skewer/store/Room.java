package io.skewer.store;

import io.skewer.store.disk.Disk;
import java.io.IOException;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * Whether there is room for another segment. Asked when a segment is made, and only then: a segment takes its whole size from the disk at
 * once, so the limits are exact to one segment and batches cost nothing here. Safe for use by several threads.
 */
final class Room {
    /**
     * The JDK has no type for ENOSPC, EDQUOT and EROFS; these are their texts in the C locale, in which skewer's processes run. A file
     * system without inodes answers like one without space.
     */
    private static final List<String> FULL =
            List.of("No space left on device", "Disk quota exceeded", "Read-only file system");

    private final Disk disk;
    private final StoreLimits limits;
    private final long segmentBytes;
    private final LongSupplier takenBytes;

    /** @param takenBytes what the store takes now */
    Room(Disk disk, StoreLimits limits, long segmentBytes, LongSupplier takenBytes) {
        this.disk = disk;
        this.limits = limits;
        this.segmentBytes = segmentBytes;
        this.takenBytes = takenBytes;
    }

    StoreLimits.Policy policy() {
        return limits.policy();
    }

    /** @throws NoRoomException when another segment would break a limit */
    void forSegment() throws IOException {
        long taken = limits.maxBytes() > 0 ? takenBytes.getAsLong() : 0;
        if (limits.maxBytes() > 0 && taken + segmentBytes > limits.maxBytes()) {
            throw new NoRoomException("store.max_size: " + taken + " bytes are taken, " + segmentBytes + " are needed, "
                    + limits.maxBytes() + " are allowed");
        }
        long free = limits.minFreeBytes() > 0 ? disk.freeBytes() : 0;
        if (limits.minFreeBytes() > 0 && free - segmentBytes < limits.minFreeBytes()) {
            throw new NoRoomException("store.min_free: " + free + " bytes are free, " + segmentBytes + " are needed, "
                    + limits.minFreeBytes() + " must stay free");
        }
    }

    /** Whether this failure passes when somebody makes room. */
    static boolean isFull(IOException cause) {
        String text = String.valueOf(cause.getMessage());
        return cause instanceof NoRoomException || FULL.stream().anyMatch(text::contains);
    }
}
