package io.skewer.store.disk;

import java.io.Closeable;
import java.io.IOException;
import java.util.List;

/**
 * A directory with folders one level deep. Names are relative, with {@code /} between folder and file; the folder {@code ""} is
 * the directory itself. Safe for use by several threads as long as each file has one writer.
 */
public interface Disk {
    /** The names of the files in a folder, without the folder, sorted; empty when there is no such folder. */
    List<String> list(String folder) throws IOException;

    boolean exists(String name);

    /** Makes a folder when it is not there; only its owner may enter. */
    void makeFolder(String folder) throws IOException;

    /** Makes a new file for writing that only its owner may read. Fails when it exists. */
    DiskFile create(String name) throws IOException;

    /** Opens an existing file for reading and writing. */
    DiskFile openToWrite(String name) throws IOException;

    /** Opens an existing file for reading. Interrupting the reading thread does no harm. */
    DiskFile openToRead(String name) throws IOException;

    /** Replaces {@code to} in one step. Safe against power loss only after {@link #syncFolder}. */
    void rename(String from, String to) throws IOException;

    /** Deletes a file; none there is fine. */
    void delete(String name) throws IOException;

    /** Bytes that the file system would still give to the owner of the directory. */
    long freeBytes() throws IOException;

    /** Makes creations, renames and deletions in a folder safe against power loss. */
    void syncFolder(String folder) throws IOException;

    /**
     * Holds the directory against every other process until the answer is closed.
     *
     * @throws StoreInUseException when somebody else holds it
     */
    Closeable lock() throws IOException;

    /** Begins to look for files that appear in the directory itself, made or renamed; what is in its folders does not count. */
    Watch watch() throws IOException;

    /** Waits for files to appear. One thread waits, any may close. */
    interface Watch extends Closeable {
        /**
         * Waits until a file appeared since the watch began or since the last call; returns at once when one did.
         *
         * @return false when the watch is closed
         */
        boolean await() throws InterruptedException;
    }
}
