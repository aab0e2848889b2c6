package io.skewer.core.source;

import io.netty.channel.RecvByteBufAllocator;

/** The buffer into which the datagrams of one socket are received, as many at a time as fit. */
public final class DatagramBuffer {
    /** Datagrams taken with one system call. */
    private static final int MOST_DATAGRAMS = 64;
    /** For very long messages fewer datagrams are taken at a time. */
    private static final int MOST_BYTES = 4 * 1024 * 1024;

    private final ReceiveBuffer buffer;

    private DatagramBuffer(int bytes) {
        buffer = new ReceiveBuffer(bytes, () -> false);
    }

    /** One datagram at a time. */
    public static DatagramBuffer single(int datagramBytes) {
        return new DatagramBuffer(datagramBytes);
    }

    /** Many at a time, each of at most that length. */
    public static DatagramBuffer many(int datagramBytes) {
        return new DatagramBuffer(datagramBytes * Math.clamp(MOST_BYTES / datagramBytes, 1, MOST_DATAGRAMS));
    }

    public RecvByteBufAllocator allocator() {
        return buffer;
    }

    /** After the socket was closed. */
    public void release() {
        buffer.release();
    }
}
