package io.skewer.store.deadletter;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class DeadLetterTest {
    private static byte[] letter() {
        return new DeadLetter(
                        "kafka", (byte) 1, "too large", 3, 1_600_000_000_000L, 1_700_000_000_000L, new byte[] {1, 2, 3})
                .toBytes();
    }

    @Test
    void whatWasWrittenIsRead() {
        DeadLetter read = DeadLetter.read(letter()).orElseThrow();
        assertThat(read.destination()).isEqualTo("kafka");
        assertThat(read.reasonCode()).isEqualTo((byte) 1);
        assertThat(read.text()).isEqualTo("too large");
        assertThat(read.attempts()).isEqualTo(3);
        assertThat(read.firstMs()).isEqualTo(1_600_000_000_000L);
        assertThat(read.failedMs()).isEqualTo(1_700_000_000_000L);
        assertThat(read.record()).containsExactly(1, 2, 3);
    }

    @Test
    void aLetterOfAnyOtherLengthIsRefused() {
        byte[] whole = letter();
        for (int length = 0; length < whole.length; length++) {
            assertThat(DeadLetter.read(Arrays.copyOf(whole, length))).isEmpty();
        }
        assertThat(DeadLetter.read(Arrays.copyOf(whole, whole.length + 1))).isEmpty();
    }

    @Test
    void aLongTextIsCut() {
        byte[] bytes = new DeadLetter("d", (byte) 0, "x".repeat(5000), 0, 0, 0, new byte[1]).toBytes();
        assertThat(DeadLetter.read(bytes).orElseThrow().text()).hasSize(DeadLetter.TEXT_BYTES_MAX);
    }

    @FuzzTest
    void anyBytesAreRefusedOrAddUp(byte[] data) {
        DeadLetter.read(data)
                .ifPresent(letter -> assertThat(letter.record().length).isLessThan(data.length));
    }
}
