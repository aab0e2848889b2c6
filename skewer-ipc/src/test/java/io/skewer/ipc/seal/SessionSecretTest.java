package io.skewer.ipc.seal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class SessionSecretTest {
    @Test
    void secretsAreFresh() {
        assertThat(SessionSecret.random().bytes())
                .hasSize(32)
                .isNotEqualTo(SessionSecret.random().bytes());
    }

    @Test
    void aWipedSecretGivesNothing() {
        byte[] bytes = SessionSecret.random().bytes();
        byte[] before = bytes.clone();
        SessionSecret secret = SessionSecret.of(bytes);
        secret.wipe();
        assertThat(bytes).as("the caller's own bytes").isEqualTo(before);
        assertThatIllegalStateException().isThrownBy(secret::bytes);
        assertThatIllegalStateException().isThrownBy(() -> secret.derive(new byte[1], 32));
        assertThatIllegalStateException().isThrownBy(() -> FrameSeal.of(secret, Direction.TO_CHILD, true));
    }

    /** The seal goes on with what the JDK has copied. */
    @Test
    void derivedBytesAreWipedWhenTheKeyIsMade() {
        byte[] derived = SessionSecret.of(new byte[32]).derive(Direction.TO_CHILD.info(), 36);
        byte[] frame = new byte[8 + 5 + 16];
        byte[] same = frame.clone();
        FrameSeal seal = new GcmSeal(derived, Direction.TO_CHILD, 0);
        assertThat(derived).containsOnly(0);
        assertThat(seal.seal(frame, 5)).isTrue();
        assertThat(FrameSeal.of(SessionSecret.of(new byte[32]), Direction.TO_CHILD, true)
                        .seal(same, 5))
                .isTrue();
        assertThat(frame).isEqualTo(same);
    }

    @Test
    void aSecretHasNoOtherLength() {
        assertThatIllegalArgumentException().isThrownBy(() -> SessionSecret.of(new byte[31]));
        assertThatIllegalArgumentException().isThrownBy(() -> SessionSecret.of(new byte[33]));
    }

    @Test
    void aSecretIsNeverPrinted() {
        SessionSecret secret = SessionSecret.of(new byte[32]);
        assertThat(secret).hasToString("SessionSecret");
    }

    @Test
    void eachDirectionHasItsOwnKey() {
        SessionSecret secret = SessionSecret.of(new byte[32]);
        assertThat(secret.derive(Direction.TO_CHILD.info(), 36))
                .isNotEqualTo(secret.derive(Direction.TO_PARENT.info(), 36));
    }

    /** Made with an independent HKDF. */
    @Test
    void keysAreThoseOfRfc5869() {
        byte[] bytes = new byte[32];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) i;
        }
        assertThat(HexFormat.of().formatHex(SessionSecret.of(bytes).derive(Direction.TO_CHILD.info(), 36)))
                .isEqualTo("f5efc9a5c9884a0bb478ff1ab3bc2295dd53a8a66bb8fc6d7fa50dada6eb5e8d5ec546fc");
    }
}
