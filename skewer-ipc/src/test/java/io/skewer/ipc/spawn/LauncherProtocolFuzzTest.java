package io.skewer.ipc.spawn;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.skewer.ipc.link.ProtocolViolation;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LauncherProtocolFuzzTest {
    @FuzzTest
    void anyPacketIsReadOrRefused(byte[] packet) {
        try {
            assertThat(LauncherProtocol.read(ByteBuffer.wrap(packet).order(ByteOrder.LITTLE_ENDIAN)))
                    .isNotNull();
        } catch (ProtocolViolation refused) {
            assertThat(refused).hasMessageStartingWith("the launcher sent");
        }
    }

    @Test
    void packetsThatAreNearlyRightAreReadOrRefused() {
        var random = new Random(42);
        for (int round = 0; round < 50_000; round++) {
            byte[] packet = new byte[8 + random.nextInt(24)];
            random.nextBytes(packet);
            packet[0] = (byte) (64 + random.nextInt(8));
            packet[1] = 1;
            packet[2] = 0;
            packet[3] = 0;
            anyPacketIsReadOrRefused(packet);
        }
    }
}
