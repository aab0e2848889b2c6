package io.skewer.cli.role;

import io.skewer.core.source.ListeningSocket;
import io.skewer.ipc.link.PayloadReader;
import io.skewer.ipc.link.PayloadWriter;
import io.skewer.ipc.link.ProtocolViolation;

/**
 * A bound socket for a listener ({@link io.skewer.ipc.link.FrameType#SOCKET}); its descriptor comes along with the frame.
 *
 * @param section which block of the source's configuration it belongs to, from 0
 * @param address the local IP address as configured, empty for a unix socket
 * @param port the local port, 0 for a unix socket
 * @param path the unix socket, empty for a network one
 */
public record SocketGrant(int section, String address, int port, String path) {
    /** PATH_MAX of Linux; the kernel allows less for a socket. */
    private static final int MAX_PATH_BYTES = 4096;

    /** An IPv6 address with the name of an interface. */
    private static final int MAX_ADDRESS_BYTES = 128;

    public PayloadWriter write() {
        return new PayloadWriter()
                .u16(section)
                .text(address, MAX_ADDRESS_BYTES)
                .u16(port)
                .text(path, MAX_PATH_BYTES);
    }

    /** What distinguishes it in metrics and in the log. */
    public String label() {
        return ListeningSocket.label(address, port, path);
    }

    /** @throws ProtocolViolation when the bytes describe no socket */
    static SocketGrant read(PayloadReader in) throws ProtocolViolation {
        SocketGrant socket = new SocketGrant(in.u16(), in.text(MAX_ADDRESS_BYTES), in.u16(), in.text(MAX_PATH_BYTES));
        in.end();
        return socket;
    }
}
