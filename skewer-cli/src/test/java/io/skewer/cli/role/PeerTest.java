package io.skewer.cli.role;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skewer.cli.LinkPair;
import io.skewer.ipc.link.PayloadReader;
import io.skewer.ipc.link.PayloadWriter;
import io.skewer.ipc.link.ProtocolViolation;
import io.skewer.ipc.link.Side;
import io.skewer.ipc.seal.SessionSecret;
import org.junit.jupiter.api.Test;

class PeerTest {
    @Test
    void whatIsReadIsWhatWasWritten() throws Exception {
        SessionSecret secret = SessionSecret.random();
        byte[] payload = new Peer(Role.FORWARD_KAFKA, secret, true).write().toByteArray();
        Peer read = Peer.read(new PayloadReader(payload, 0, payload.length));
        assertThat(read.role()).isEqualTo(Role.FORWARD_KAFKA);
        assertThat(read.encrypted()).isTrue();
        assertThat(read.secret().bytes()).isEqualTo(secret.bytes());
        assertThat(read)
                .as("a secret is never printed")
                .hasToString("Peer[role=FORWARD_KAFKA, secret=SessionSecret, encrypted=true]");
    }

    @Test
    void theSecretIsGoneAlsoWhenNoDescriptorCameAlong() throws Exception {
        SessionSecret secret = SessionSecret.random();
        LinkPair control = LinkPair.open();
        Peer peer = new Peer(Role.STORE, secret, true);
        assertThatThrownBy(() -> peer.join(control.child(), Side.CHILD)).isInstanceOf(ProtocolViolation.class);
        assertThatThrownBy(secret::bytes).hasMessage("the secret is wiped");
        control.parent().close();
        control.child().close();
    }

    @Test
    void bytesThatNameNobodyAreRefused() {
        byte[] payload = new PayloadWriter()
                .text("skewer", 64)
                .raw(new byte[SessionSecret.BYTES])
                .u8(1)
                .toByteArray();
        assertThatThrownBy(() -> Peer.read(new PayloadReader(payload, 0, payload.length)))
                .isInstanceOf(ProtocolViolation.class);
    }
}
