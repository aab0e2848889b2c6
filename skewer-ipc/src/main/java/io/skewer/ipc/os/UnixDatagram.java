package io.skewer.ipc.os;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Sends datagrams to a path such as {@code /dev/log}, never waiting for whoever should read them. Thread-safe. */
public final class UnixDatagram implements AutoCloseable {
    private final OpenDescriptor socket;

    private UnixDatagram(int number) {
        this.socket = new OpenDescriptor(number);
    }

    /** @throws IOException when nobody listens there, or the path is longer than the 107 bytes that a socket can have */
    public static UnixDatagram connect(Path path) throws IOException {
        byte[] bytes = path.toString().getBytes(StandardCharsets.UTF_8);
        ByteBuffer direct = ByteBuffer.allocateDirect(bytes.length).put(bytes);
        return new UnixDatagram(SystemCalls.connectDatagram(direct, bytes.length));
    }

    /**
     * Sends what remains in the buffer as one datagram.
     *
     * @return false when the receiver has no room: the datagram is not sent and the buffer unchanged
     * @throws IOException when the receiver is gone or the datagram is too large
     */
    public boolean send(ByteBuffer direct) throws IOException {
        Transfers.requireDirect(direct);
        int number = socket.enter();
        try {
            boolean sent = SystemCalls.sendDatagram(number, direct, direct.position(), direct.remaining());
            if (sent) {
                direct.position(direct.limit());
            }
            return sent;
        } finally {
            socket.leave();
        }
    }

    @Override
    public void close() {
        socket.close();
    }
}
