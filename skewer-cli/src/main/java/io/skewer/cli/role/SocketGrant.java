package io.skewer.cli.role;

import io.skewer.ipc.link.PayloadReader;
import io.skewer.ipc.link.PayloadWriter;
import io.skewer.ipc.link.ProtocolViolation;

/**
 * A bound socket for a listener ({@link io.skewer.ipc.link.FrameType#SOCKET}); its descriptor comes along with the frame.
 *
 * @param section which block of the source's configuration it belongs to, from 0
 * @param port the local port, 0 for a unix socket
 * @param path the unix socket, empty for a network one
 */
public record SocketGrant(int section, int port, String path) {
    /** PATH_MAX of Linux; the kernel allows less for a socket. */
    private static final int MAX_PATH_BYTES = 4096;

    public PayloadWriter write() {
        return new PayloadWriter().u16(section).u16(port).text(path, MAX_PATH_BYTES);
    }

    /** @throws ProtocolViolation when the bytes describe no socket */
    static SocketGrant read(PayloadReader in) throws ProtocolViolation {
        SocketGrant socket = new SocketGrant(in.u16(), in.u16(), in.text(MAX_PATH_BYTES));
        in.end();
        return socket;
    }
}
