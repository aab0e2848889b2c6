package io.skewer.cli.loadgen;

import io.skewer.ipc.os.UnixDatagram;
import java.io.IOException;
import java.net.PortUnreachableException;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.util.concurrent.locks.LockSupport;

/** A datagram for each message, over UDP or a unix socket. */
final class DatagramSender implements Sender {
    /** At a rate, so many go in one burst at most: a burst must not be what overflows the receiver. */
    private static final int MOST_AT_ONCE = 32;

    private static final int SEND_BUFFER_BYTES = 4 * 1024 * 1024;
    private static final long NO_ROOM_PAUSE_NS = 50_000;

    /** Where datagrams leave. */
    private interface Exit extends AutoCloseable {
        /** @return false when there is no room now */
        boolean send(ByteBuffer datagram) throws IOException;

        @Override
        void close() throws IOException;
    }

    private final Exit exit;
    private final Stencil stencil;
    private final ByteBuffer out;

    private DatagramSender(Exit exit, Stencil stencil) {
        this.exit = exit;
        this.stencil = stencil;
        out = ByteBuffer.allocateDirect(stencil.length());
    }

    static DatagramSender open(SocketAddress target, Stencil stencil) throws IOException {
        Exit exit = target instanceof UnixDomainSocketAddress unix
                ? new UnixExit(UnixDatagram.connect(unix.getPath()))
                : new UdpExit(connect(target));
        return new DatagramSender(exit, stencil);
    }

    private static DatagramChannel connect(SocketAddress target) throws IOException {
        DatagramChannel channel = DatagramChannel.open();
        try {
            channel.setOption(StandardSocketOptions.SO_SNDBUF, SEND_BUFFER_BYTES);
            return channel.connect(target);
        } catch (IOException cause) {
            channel.close();
            throw cause;
        }
    }

    @Override
    public void send(long messages, Pace pace, Tally tally) throws IOException {
        while (tally.sent < messages) {
            pace.await(tally.sent);
            int burst = pace.allowance(tally.sent, (int) Math.min(MOST_AT_ONCE, messages - tally.sent));
            for (int i = 0; i < burst; i++) {
                out.clear().put(stencil.bytes()).flip();
                while (!exit.send(out)) {
                    tally.postponed++;
                    LockSupport.parkNanos(NO_ROOM_PAUSE_NS);
                }
                stencil.next();
                tally.sent++;
            }
        }
    }

    @Override
    public void close() throws IOException {
        exit.close();
    }

    private record UdpExit(DatagramChannel channel) implements Exit {
        @Override
        public boolean send(ByteBuffer datagram) throws IOException {
            try {
                return channel.write(datagram) > 0;
            } catch (PortUnreachableException earlier) {
                // Tells of a datagram before this one; UDP goes on. Whoever is not listening yet may soon be.
                return false;
            }
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }

    private record UnixExit(UnixDatagram socket) implements Exit {
        @Override
        public boolean send(ByteBuffer datagram) throws IOException {
            return socket.send(datagram);
        }

        @Override
        public void close() {
            socket.close();
        }
    }
}
