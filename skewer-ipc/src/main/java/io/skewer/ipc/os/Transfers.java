package io.skewer.ipc.os;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;

/** Moves bytes between a buffer and an open descriptor, and tells a broken connection from one that was closed here. */
final class Transfers {
    private Transfers() {}

    /** @return bytes received, or -1 at the end of the stream; {@code arrived} as in {@link SystemCalls#receive} */
    static int receive(OpenDescriptor socket, ByteBuffer direct, int[] arrived) throws IOException {
        requireDirect(direct);
        arrived[0] = 0;
        int number = socket.enter();
        try {
            int count = SystemCalls.receive(number, direct, direct.position(), direct.remaining(), arrived);
            if (count < 0) {
                socket.checkOpen();
                return -1;
            }
            direct.position(direct.position() + count);
            return count;
        } catch (IOException cause) {
            throw closedHere(socket, cause);
        } finally {
            socket.leave();
        }
    }

    static void send(OpenDescriptor socket, ByteBuffer direct, int[] descriptors) throws IOException {
        requireDirect(direct);
        int number = socket.enter();
        try {
            SystemCalls.send(number, direct, direct.position(), direct.remaining(), descriptors);
            direct.position(direct.limit());
        } catch (IOException cause) {
            throw closedHere(socket, cause);
        } finally {
            socket.leave();
        }
    }

    static void requireDirect(ByteBuffer buffer) {
        if (!buffer.isDirect()) {
            throw new IllegalArgumentException("the buffer is not direct");
        }
    }

    private static IOException closedHere(OpenDescriptor socket, IOException cause) {
        if (socket.isOpen()) {
            return cause;
        }
        var closed = new AsynchronousCloseException();
        if (!(cause instanceof AsynchronousCloseException)) {
            closed.addSuppressed(cause);
        }
        return closed;
    }
}
