package io.skewer.core.message;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class MessageIdTest {
    @Test
    void theTextIsTheUlidOfTheBytes() {
        byte[] id = HexFormat.of().parseHex("01563E3AB5D3D6764C61EFB99302BD5B");
        assertThat(MessageId.text(id, 0)).isEqualTo("01ARZ3NDEKTSV4RRFFQ69G5FAV");
        byte[] highest = new byte[18];
        Arrays.fill(highest, (byte) 0xFF);
        assertThat(MessageId.text(highest, 1)).isEqualTo("7ZZZZZZZZZZZZZZZZZZZZZZZZZ");
        assertThat(MessageId.text(new byte[16], 0)).isEqualTo("0".repeat(26));
    }

    @Test
    void idsRiseInsideAMillisecondAndWhenTheClockStepsBack() {
        AtomicLong clock = new AtomicLong(1_700_000_000_000L);
        MessageId ids = new MessageId(clock::get);
        byte[] before = new byte[MessageId.BYTES];
        byte[] id = new byte[MessageId.BYTES];
        ids.next(before, 0);
        for (int i = 0; i < 10_000; i++) {
            clock.addAndGet(i % 100 == 99 ? 1 : i % 1000 == 500 ? -5000 : 0);
            ids.next(id, 0);
            assertThat(Arrays.compareUnsigned(id, before)).isPositive();
            assertThat(MessageId.text(id, 0)).isGreaterThan(MessageId.text(before, 0));
            System.arraycopy(id, 0, before, 0, id.length);
        }
    }

    @Test
    void theTimeStandsInTheFirstTenCharacters() {
        byte[] id = new byte[MessageId.BYTES];
        new MessageId(() -> 1_469_918_176_385L).next(id, 0);
        // The example of the ULID specification.
        assertThat(MessageId.text(id, 0)).startsWith("01ARYZ6S41");
    }

    @Test
    void twoMakersDoNotMakeTheSameIds() {
        byte[] one = new byte[MessageId.BYTES];
        byte[] other = new byte[MessageId.BYTES];
        new MessageId(() -> 1).next(one, 0);
        new MessageId(() -> 1).next(other, 0);
        assertThat(one).isNotEqualTo(other);
    }
}
