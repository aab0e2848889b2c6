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

    /** Makes what was written safe against power loss. After a failure the file must not be written to again. */
    void sync() throws IOException;

    void truncate(long size) throws IOException;

    @Override
    void close() throws IOException;
}
