package io.skewer.ipc.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GreetingTest {
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void bothEndsUnderstandEachOtherAfterTheGreeting(boolean encrypted) throws IOException {
        BytesTransport toChild = new BytesTransport();
        Link parent = Greeting.offer(toChild, encrypted);
        parent.send(FrameType.SETTINGS, new PayloadWriter().u64(42));

        BytesTransport fromParent = new BytesTransport(toChild.written(), n -> n + 1);
        Link child = Greeting.accept(fromParent);
        Frame frame = new Frame();
        assertThat(child.receive(frame)).isTrue();
        assertThat(frame.reader().u64()).isEqualTo(42);

        byte[] wire = toChild.written();
        String clear = new String(wire, java.nio.charset.StandardCharsets.ISO_8859_1);
        assertThat(clear.contains("*\0\0\0\0\0\0\0")).as("payload in clear").isEqualTo(!encrypted);
    }

    @Test
    void everyGreetingHasItsOwnSecret() throws IOException {
        BytesTransport one = new BytesTransport();
        BytesTransport two = new BytesTransport();
        Greeting.offer(one, true);
        Greeting.offer(two, true);
        assertThat(Arrays.copyOf(one.written(), 8)).isEqualTo(Arrays.copyOf(two.written(), 8));
        assertThat(one.written()).hasSize(40).isNotEqualTo(two.written());
    }

    @Test
    void aGreetingOfAnotherFormClosesTheTransport() throws IOException {
        BytesTransport out = new BytesTransport();
        Greeting.offer(out, true);
        for (int at = 0; at < 8; at++) {
            byte[] changed = out.written();
            changed[at] ^= 2;
            assertRefused(changed);
        }
        for (int length = 0; length < 40; length++) {
            assertRefused(Arrays.copyOf(out.written(), length));
        }
    }

    @Test
    void aGreetingThatCannotBeWrittenClosesTheTransport() {
        BytesTransport transport = new BytesTransport();
        transport.failWrites = true;
        assertThatIOException().isThrownBy(() -> Greeting.offer(transport, true));
        assertThat(transport.closed).isTrue();
    }

    private static void assertRefused(byte... stream) {
        BytesTransport transport = new BytesTransport(stream);
        assertThatThrownBy(() -> Greeting.accept(transport)).isInstanceOf(ProtocolViolation.class);
        assertThat(transport.closed).isTrue();
    }
}
