package io.skewer.cli.role;

import io.skewer.ipc.link.PayloadReader;
import io.skewer.ipc.link.PayloadWriter;
import io.skewer.ipc.link.ProtocolViolation;
import io.skewer.ipc.seal.SessionSecret;

/**
 * The other end of a new data link ({@link io.skewer.ipc.link.FrameType#PEER}); its descriptor comes along with the frame.
 *
 * @param role who is there
 * @param secret made for this link alone
 * @param encrypted false when {@code main.encrypt_ipc} is off
 */
public record Peer(Role role, byte[] secret, boolean encrypted) {
    private static final int MAX_TITLE_BYTES = 64;

    public PayloadWriter write() {
        return new PayloadWriter()
                .text(role.title(), MAX_TITLE_BYTES)
                .raw(secret)
                .u8(encrypted ? 1 : 0);
    }

    /** @throws ProtocolViolation when the bytes name no peer */
    static Peer read(PayloadReader in) throws ProtocolViolation {
        String title = in.text(MAX_TITLE_BYTES);
        byte[] secret = in.raw(SessionSecret.BYTES);
        boolean encrypted = in.u8() == 1;
        in.end();
        try {
            return new Peer(Role.ofTitle(title), secret, encrypted);
        } catch (IllegalArgumentException cause) {
            throw new ProtocolViolation(String.valueOf(cause.getMessage()));
        }
    }
}
