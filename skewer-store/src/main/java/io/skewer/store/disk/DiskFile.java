package io.skewer.store.disk;

import java.io.Closeable;
import java.io.IOException;

/** An open file. Used by one thread at a time. */
public interface DiskFile extends Closeable {
    long size() throws IOException;

    /** Reads until {@code length} bytes are there or the file ends. @return how many bytes were read */
    int read(byte[] target, int offset, int length, long position) throws IOException;

    /** Writes all bytes, or fails after writing some of them. */
    void write(byte[] source, int offset, int length, long position) throws IOException;

    /**
     * Takes the space from {@code from} to {@code to} now, filled with zeros, so that a full disk is met here and not by a later write.
     * Costs no room for metadata at every sync after.
     */
    default void reserve(long from, long to) throws IOException {
        byte[] zeros = new byte[256 * 1024];
        for (long at = from; at < to; at += zeros.length) {
            write(zeros, 0, (int) Math.min(zeros.length, to - at), at);
        }
    }

    /** Makes what was written safe against power loss. After a failure the file must not be written to again. */
    void sync() throws IOException;

    void truncate(long size) throws IOException;

    @Override
    void close() throws IOException;
}
