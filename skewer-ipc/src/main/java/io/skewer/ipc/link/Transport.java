package io.skewer.ipc.link;

/** A duplex stream of bytes that can carry descriptors: what a link stands on. One thread may read while another writes; close wakes both. */
public interface Transport {
    /** Reads at least one byte into a direct buffer. @return bytes read, or -1 at the end of the stream */
    int read(java.nio.ByteBuffer direct) throws java.io.IOException;

    /** Writes all remaining bytes of a direct buffer; descriptors go along with its first byte and stay open here. */
    void write(java.nio.ByteBuffer direct, int... descriptors) throws java.io.IOException;

    /** The oldest descriptor that came in and was not taken; the taker owns it. @throws java.io.IOException when there is none */
    int takeDescriptor() throws java.io.IOException;

    /** Closes the stream and the descriptors that nobody took. Idempotent. */
    void close();
}
