package io.skewer.store.segment;

import io.skewer.store.disk.Disk;
import io.skewer.store.disk.DiskFile;
import java.io.IOException;

/**
 * The file of a segment to come: its room is taken from the disk, it has neither number nor header yet. Recovery deletes what is left of one.
 * Used by one thread at a time.
 */
public final class SpareSegment {
    /** The name of the file in its folder. */
    public static final String NAME = "spare";

    private final Disk disk;
    private final String path;
    private final DiskFile file;
    private final long bytes;

    SpareSegment(Disk disk, String path, DiskFile file, long bytes) {
        this.disk = disk;
        this.path = path;
        this.file = file;
        this.bytes = bytes;
    }

    /** How much room it takes. */
    public long bytes() {
        return bytes;
    }

    DiskFile file() {
        return file;
    }

    /** Gives it the name under which it is found, behind which no other spare may hide. */
    void rename(String to) throws IOException {
        disk.rename(path, to);
    }

    /** Lets file and room go. */
    public void discard() throws IOException {
        try {
            file.close();
        } finally {
            disk.delete(path);
        }
    }
}
