package io.skewer.ipc.os;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * The system calls themselves, as in {@code native/os/skewer_os.c}. They may block, take direct buffers only, and know
 * nothing of a number that was closed and given away again: {@link OpenDescriptor} keeps that from happening.
 */
final class SystemCalls {
    /** Descriptors that may travel with one message. */
    static final int DESCRIPTORS_MAX = 16;

    static {
        NativeLibrary.load();
    }

    private SystemCalls() {}

    /** Makes a pair of connected sockets, close-on-exec, and writes their numbers. */
    static native void socketPair(boolean packets, int[] numbers) throws IOException;

    static native void close(int number) throws IOException;

    /** Ends both directions, so that whoever waits on the socket wakes up. */
    static native void shutdown(int number);

    /**
     * Waits for bytes or a packet. The first element of {@code arrived} becomes the count of the descriptors that follow it.
     *
     * @return bytes received, or -1 at the end
     */
    static native int receive(int number, ByteBuffer direct, int position, int length, int[] arrived)
            throws IOException;

    /** Sends everything; the descriptors go with the first byte. */
    static native void send(int number, ByteBuffer direct, int position, int length, int[] descriptors)
            throws IOException;

    static native int connectDatagram(ByteBuffer path, int length) throws IOException;

    /** @return false when the receiver has no room */
    static native boolean sendDatagram(int number, ByteBuffer direct, int position, int length) throws IOException;
}
