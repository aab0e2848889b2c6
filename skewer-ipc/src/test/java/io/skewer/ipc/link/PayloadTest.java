package io.skewer.ipc.link;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skewer.ipc.link.Settlement.Failed;
import io.skewer.ipc.link.Settlement.Range;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class PayloadTest {
    @Test
    void numbersAreLittleEndian() {
        assertThat(new PayloadWriter()
                        .u8(0xfe)
                        .u16(0xfedc)
                        .u32(0xfedcba98L)
                        .u64(0xfedcba9876543210L)
                        .toByteArray())
                .isEqualTo(new byte[] {
                    (byte) 0xfe,
                    (byte) 0xdc,
                    (byte) 0xfe,
                    (byte) 0x98,
                    (byte) 0xba,
                    (byte) 0xdc,
                    (byte) 0xfe,
                    0x10,
                    0x32,
                    0x54,
                    0x76,
                    (byte) 0x98,
                    (byte) 0xba,
                    (byte) 0xdc,
                    (byte) 0xfe
                });
    }

    /** Also of the array that became too small. */
    @Test
    void nothingIsLeftOfAPayloadThatIsWiped() {
        PayloadWriter out = new PayloadWriter().raw("secret".getBytes(US_ASCII));
        byte[] small = out.array();
        out.raw(new byte[1_000]).raw("secret".getBytes(US_ASCII));
        byte[] large = out.array();
        assertThat(large).isNotSameAs(small).contains('s');
        out.wipe();
        assertThat(small).containsOnly(0);
        assertThat(large).containsOnly(0);
        assertThat(out.length()).isZero();
    }

    @Test
    void nothingIsLeftOfAFrameThatIsWiped() {
        Frame frame = new Frame();
        byte[] payload = frame.room(6);
        System.arraycopy("secret".getBytes(US_ASCII), 0, payload, 0, 6);
        frame.filled(FrameType.PEER, 6);
        frame.wipe();
        assertThat(payload).containsOnly(0);
        assertThat(frame.length()).isZero();
    }

    @Test
    void valuesThatDoNotFitTheirPlaceAreRefused() {
        PayloadWriter out = new PayloadWriter();
        assertThatIllegalArgumentException().isThrownBy(() -> out.u8(256));
        assertThatIllegalArgumentException().isThrownBy(() -> out.u8(-1));
        assertThatIllegalArgumentException().isThrownBy(() -> out.u16(65536));
        assertThatIllegalArgumentException().isThrownBy(() -> out.u32(1L << 32));
        assertThatIllegalArgumentException().isThrownBy(() -> out.u32(-1));
        assertThatIllegalArgumentException().isThrownBy(() -> out.text("größer", 7));
        assertThatIllegalArgumentException().isThrownBy(() -> out.text("x".repeat(65536), 100_000));
        assertThatIllegalArgumentException().isThrownBy(() -> out.bytes(new byte[5], 4));
        assertThatIllegalArgumentException().isThrownBy(() -> out.raw(new byte[Link.MAX_PAYLOAD_BYTES + 1]));
        assertThat(out.length()).isZero();
    }

    @Test
    void lengthsAreCheckedBeforeAnythingIsAllocated() {
        assertViolation(reader(0xff, 0xff, 0xff, 0xff), in -> in.bytes(Integer.MAX_VALUE));
        assertViolation(reader(0xff, 0xff, 0xff, 0x7f), in -> in.bytes(Integer.MAX_VALUE));
        assertViolation(reader(5, 0, 0, 0, 1, 2, 3, 4, 5), in -> in.bytes(4));
        assertViolation(reader(5, 0, 0, 0, 1, 2, 3, 4), in -> in.bytes(100));
        assertViolation(reader(5, 0, 'a', 'b', 'c', 'd', 'e'), in -> in.text(4));
        assertViolation(reader(5, 0, 'a', 'b', 'c', 'd'), in -> in.text(100));
        assertViolation(reader(1, 2, 3), in -> in.raw(-1));
        assertViolation(reader(1, 2, 3), in -> in.raw(4));
        assertViolation(reader(6, 0, 0, 0), in -> in.u32UpTo(5));
    }

    @Test
    void aPayloadThatIsTooShortOrTooLongIsRefused() {
        assertViolation(reader(), PayloadReader::u8);
        assertViolation(reader(1), PayloadReader::u16);
        assertViolation(reader(1, 2, 3), PayloadReader::u32);
        assertViolation(reader(1, 2, 3, 4, 5, 6, 7), PayloadReader::u64);
        assertViolation(reader(1), in -> {
            in.end();
            return "";
        });
    }

    @Test
    void aTextThatIsNotUtf8IsRefused() {
        assertViolation(reader(2, 0, 0xc3, 0x28), in -> in.text(10));
        assertViolation(reader(3, 0, 0xed, 0xa0, 0x80), in -> in.text(10));
    }

    @Test
    void dataFramesOfAnotherTypeAreRefused() {
        Frame frame = new Frame();
        frame.room(0);
        frame.filled(FrameType.START, 0);
        assertThatThrownBy(() -> DataFrames.readBatch(frame)).isInstanceOf(ProtocolViolation.class);
        assertThatThrownBy(() -> DataFrames.readCredit(frame)).isInstanceOf(ProtocolViolation.class);
        assertThatThrownBy(() -> DataFrames.readKept(frame)).isInstanceOf(ProtocolViolation.class);
        assertThatThrownBy(() -> DataFrames.readSettlement(frame)).isInstanceOf(ProtocolViolation.class);
    }

    @Test
    void shortBatchFramesAreRefused() {
        for (int length = 0; length < 12; length++) {
            Frame frame = new Frame();
            frame.room(length);
            frame.filled(FrameType.BATCH, length);
            assertThatThrownBy(() -> DataFrames.readBatch(frame)).isInstanceOf(ProtocolViolation.class);
        }
    }

    @Test
    void settlementsBeyondTheLimitsAreRefusedAtBothEnds() {
        List<Range> ranges = Collections.nCopies(Settlement.MAX_RANGES + 1, new Range(0, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> new Settlement(1, ranges, List.of()));
        List<Failed> failures = Collections.nCopies(Settlement.MAX_FAILURES + 1, new Failed(0, 0, 1, ""));
        assertThatIllegalArgumentException().isThrownBy(() -> new Settlement(1, List.of(), failures));

        PayloadWriter tooManyRanges = new PayloadWriter().u64(1).u16(ranges.size());
        ranges.forEach(range -> tooManyRanges.u32(range.from()).u32(range.to()));
        assertRefused(tooManyRanges.u16(0));
        PayloadWriter tooManyFailures = new PayloadWriter().u64(1).u16(0).u16(failures.size());
        failures.forEach(failed ->
                tooManyFailures.u32(failed.record()).u8(failed.reason()).u16(1).u16(0));
        assertRefused(tooManyFailures);
        assertRefused(new PayloadWriter().u64(1).u16(1).u32(5).u32(5).u16(0));
        assertRefused(
                new PayloadWriter().u64(1).u16(0).u16(1).u32(0).u8(0).u16(0).u16(0));
        assertRefused(new PayloadWriter().u64(1).u16(1).u32(5).u32(1L << 31).u16(0));
    }

    @Test
    void theLargestSettlementFitsAFrame() throws IOException {
        Settlement largest = new Settlement(
                1,
                Collections.nCopies(Settlement.MAX_RANGES, new Range(0, Integer.MAX_VALUE)),
                Collections.nCopies(
                        Settlement.MAX_FAILURES, new Failed(Integer.MAX_VALUE, 255, 0xffff, "\u20ac".repeat(300))));
        BytesTransport transport = new BytesTransport();
        DataFrames.sendSettlement(new Link(transport, Ends.secret(), Side.CHILD, true), largest);
        Frame frame = new Frame();
        assertThat(Ends.receiver(Side.PARENT, true, transport.written()).receive(frame))
                .isTrue();
        assertThat(DataFrames.readSettlement(frame)).isEqualTo(largest);
    }

    @Test
    void aLongTextOfAFailureIsCutBetweenCharacters() {
        assertThat(new Failed(0, 0, 1, "x".repeat(400)).text()).isEqualTo("x".repeat(300));
        assertThat(new Failed(0, 0, 1, "x".repeat(299) + "\ud83d\ude80").text()).isEqualTo("x".repeat(299));
        assertThat(new Failed(0, 0, 1, "x".repeat(298) + "\ud83d\ude80").text()).endsWith("\ud83d\ude80");
    }

    private interface Reading {
        Object from(PayloadReader in) throws ProtocolViolation;
    }

    private static PayloadReader reader(int... bytes) {
        byte[] payload = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            payload[i] = (byte) bytes[i];
        }
        return new PayloadReader(payload, 0, payload.length);
    }

    private static void assertViolation(PayloadReader in, Reading reading) {
        assertThatThrownBy(() -> reading.from(in)).isInstanceOf(ProtocolViolation.class);
    }

    private static void assertRefused(PayloadWriter payload) {
        Frame frame = new Frame();
        System.arraycopy(payload.array(), 0, frame.room(payload.length()), 0, payload.length());
        frame.filled(FrameType.SETTLED, payload.length());
        assertThatThrownBy(() -> DataFrames.readSettlement(frame)).isInstanceOf(ProtocolViolation.class);
    }
}
