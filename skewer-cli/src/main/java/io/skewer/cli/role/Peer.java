package io.skewer.cli.role;

import io.skewer.ipc.link.Link;
import io.skewer.ipc.link.PayloadReader;
import io.skewer.ipc.link.PayloadWriter;
import io.skewer.ipc.link.ProtocolViolation;
import io.skewer.ipc.link.Side;
import io.skewer.ipc.os.NativeSocket;
import io.skewer.ipc.seal.SessionSecret;
import java.io.IOException;
import java.util.Arrays;

/**
 * The other end of a new data link ({@link io.skewer.ipc.link.FrameType#PEER}); its descriptor comes along with the frame.
 *
 * @param role who is there
 * @param secret made for this link alone; whoever has it wipes it, and the payload, when the link is there
 * @param encrypted false when {@code main.encrypt_ipc} is off
 */
public record Peer(Role role, SessionSecret secret, boolean encrypted) {
    private static final int MAX_TITLE_BYTES = 64;

    public PayloadWriter write() {
        byte[] bytes = secret.bytes();
        try {
            return new PayloadWriter()
                    .text(role.title(), MAX_TITLE_BYTES)
                    .raw(bytes)
                    .u8(encrypted ? 1 : 0);
        } finally {
            Arrays.fill(bytes, (byte) 0);
        }
    }

    /**
     * Makes the link, with the descriptor that came along. Nobody has the secret afterwards, whatever comes of it.
     *
     * @throws IOException when no descriptor came along
     */
    Link join(Link control, Side side) throws IOException {
        try {
            return new Link(NativeSocket.ofDescriptor(control.takeDescriptor()), secret, side, encrypted);
        } finally {
            secret.wipe();
        }
    }

    /** @throws ProtocolViolation when the bytes name no peer */
    static Peer read(PayloadReader in) throws ProtocolViolation {
        String title = in.text(MAX_TITLE_BYTES);
        byte[] bytes = in.raw(SessionSecret.BYTES);
        try {
            boolean encrypted = in.u8() == 1;
            in.end();
            return new Peer(Role.ofTitle(title), SessionSecret.of(bytes), encrypted);
        } catch (IllegalArgumentException cause) {
            throw new ProtocolViolation(String.valueOf(cause.getMessage()));
        } finally {
            Arrays.fill(bytes, (byte) 0);
        }
    }
}
