package io.skewer.ipc.os;

import static io.skewer.ipc.os.NativeSocketTest.direct;
import static io.skewer.ipc.os.NativeSocketTest.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class NativePacketSocketTest {
    private NativePacketSocket left;
    private NativePacketSocket right;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(16);

    @BeforeEach
    void connect() throws IOException {
        NativePacketSocket[] pair = NativePacketSocket.pair();
        left = pair[0];
        right = pair[1];
    }

    @AfterEach
    void close() {
        left.close();
        right.close();
    }

    @Test
    void packetsKeepTheirBorders() throws IOException {
        left.send(direct("one"));
        left.send(direct("two"));
        assertThat(right.receive(buffer)).isEqualTo(3);
        assertThat(text(buffer.flip())).isEqualTo("one");
    }

    @Test
    void aPacketLargerThanTheBufferIsAnErrorAndTheNextOneArrives() throws IOException {
        left.send(direct("more than sixteen bytes"));
        left.send(direct("next"));
        assertThatThrownBy(() -> right.receive(buffer)).hasMessageContaining("larger than the buffer");
        assertThat(right.receive(buffer)).isEqualTo(4);
    }

    @Test
    void theOtherEndClosingIsTheEnd() throws IOException {
        left.close();
        assertThat(right.receive(buffer)).isEqualTo(-1);
    }

    @Test
    void aDescriptorTravelsWithItsPacket() throws IOException {
        int[] passed = Descriptors.socketPair();
        left.send(direct("d"), passed[0]);
        right.receive(buffer);
        Descriptors.close(right.takeDescriptor());
        assertThatThrownBy(right::takeDescriptor).isInstanceOf(IOException.class);
        Descriptors.close(passed[0]);
        Descriptors.close(passed[1]);
    }

    @Test
    void closingWakesTheReceiver() {
        var receiving = NativeSocketTest.inBackground(() -> right.receive(buffer));
        right.close();
        assertThatThrownBy(() -> receiving.get(5, TimeUnit.SECONDS)).cause().isInstanceOf(ClosedChannelException.class);
    }

    @Test
    void anEmptyPacketIsRefused() {
        assertThatThrownBy(() -> left.send(ByteBuffer.allocateDirect(0))).isInstanceOf(IllegalArgumentException.class);
    }
}
