package io.skewer.ipc.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skewer.ipc.link.Settlement.Failed;
import io.skewer.ipc.link.Settlement.Range;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;

/** What holds for all frames, all payloads and all ways in which a stream may be cut. */
class LinkPropertiesTest {
    record Sent(FrameType type, byte[] payload, int headLength) {}

    @Provide
    Arbitrary<Sent> sent() {
        Arbitrary<Integer> lengths = Arbitraries.frequencyOf(
                Tuple.of(20, Arbitraries.integers().between(0, 300)),
                Tuple.of(2, Arbitraries.integers().between(0, 700_000)));
        return Combinators.combine(
                        Arbitraries.of(FrameType.class),
                        lengths,
                        Arbitraries.integers().between(0, 64))
                .as((type, length, head) -> new Sent(type, Ends.ascending(length), Math.min(head, length)));
    }

    @Property(tries = 200)
    void framesSurviveAnyChunkingOfTheStream(
            @ForAll @Size(max = 12) List<@From("sent") Sent> frames,
            @ForAll boolean encrypted,
            @ForAll long seed,
            @ForAll @IntRange(min = 1, max = 200_000) int maxChunkBytes)
            throws IOException {
        byte[] stream = Ends.bytesOf(Side.CHILD, encrypted, link -> {
            for (Sent sent : frames) {
                byte[] body = Arrays.copyOfRange(sent.payload(), sent.headLength(), sent.payload().length);
                link.send(sent.type(), sent.payload(), sent.headLength(), body, 0, body.length);
            }
        });
        Random random = new Random(seed);
        BytesTransport transport = new BytesTransport(stream, _ -> 1 + random.nextInt(maxChunkBytes));
        Link receiver = new Link(transport, Ends.secret(), Side.PARENT, encrypted);
        Frame frame = new Frame();
        for (Sent sent : frames) {
            assertThat(receiver.receive(frame)).isTrue();
            assertThat(frame.type()).isEqualTo(sent.type());
            assertThat(Ends.payload(frame)).isEqualTo(sent.payload());
        }
        assertThat(receiver.receive(frame)).isFalse();
    }

    @Property
    void batchesSurvive(@ForAll long number, @ForAll @IntRange int firstRecord, @ForAll @Size(max = 2000) byte[] batch)
            throws IOException {
        Frame frame = carried(link -> DataFrames.sendBatch(link, number, firstRecord, batch));
        BatchFrame read = DataFrames.readBatch(frame);
        assertThat(read.number()).isEqualTo(number);
        assertThat(read.firstRecord()).isEqualTo(firstRecord);
        assertThat(read.batch()).isEqualTo(batch);
    }

    @Property
    void numbersSurvive(@ForAll long kept, @ForAll @LongRange(max = 0xffff_ffffL) long credit) throws IOException {
        assertThat(DataFrames.readKept(carried(link -> DataFrames.sendKept(link, kept))))
                .isEqualTo(kept);
        assertThat(DataFrames.readCredit(carried(link -> DataFrames.sendCredit(link, credit))))
                .isEqualTo(credit);
    }

    @Provide
    Arbitrary<Settlement> settlements() {
        Arbitrary<Range> ranges = Combinators.combine(
                        Arbitraries.integers().between(0, Integer.MAX_VALUE - 1),
                        Arbitraries.integers().greaterOrEqual(1))
                .as((from, length) -> new Range(from, (int) Math.min(Integer.MAX_VALUE, (long) from + length)));
        Arbitrary<Failed> failures = Combinators.combine(
                        Arbitraries.integers().greaterOrEqual(0),
                        Arbitraries.integers().between(0, 255),
                        Arbitraries.integers().between(1, Failed.MAX_ATTEMPTS),
                        texts())
                .as(Failed::new);
        return Combinators.combine(
                        Arbitraries.longs(),
                        ranges.list().ofMaxSize(40),
                        failures.list().ofMaxSize(20))
                .as(Settlement::new);
    }

    /** All texts that UTF-8 can say. */
    @Provide
    Arbitrary<String> texts() {
        return Arbitraries.strings()
                .withCharRange('\0', '\ud7ff')
                .ofMaxLength(400)
                .map(text -> text.length() % 3 == 0 ? text + "\ud83d\ude80" : text);
    }

    @Property
    void settlementsSurvive(@ForAll("settlements") Settlement settlement) throws IOException {
        assertThat(DataFrames.readSettlement(carried(link -> DataFrames.sendSettlement(link, settlement))))
                .isEqualTo(settlement);
    }

    @Property(tries = 100)
    void aSettlementCutAnywhereOrContinuedIsRefused(@ForAll("settlements") Settlement settlement) throws IOException {
        byte[] whole = Ends.payload(carried(link -> DataFrames.sendSettlement(link, settlement)));
        for (int length = 0; length < whole.length; length += 1 + whole.length / 50) {
            byte[] cut = Arrays.copyOf(whole, length);
            assertThatThrownBy(() -> DataFrames.readSettlement(frame(FrameType.SETTLED, cut)))
                    .isInstanceOf(ProtocolViolation.class);
        }
        byte[] longer = Arrays.copyOf(whole, whole.length + 1);
        assertThatThrownBy(() -> DataFrames.readSettlement(frame(FrameType.SETTLED, longer)))
                .isInstanceOf(ProtocolViolation.class);
    }

    @Property
    void valuesAreReadAsTheyWereWritten(
            @ForAll @IntRange(max = 0xff) int u8,
            @ForAll @IntRange(max = 0xffff) int u16,
            @ForAll @LongRange(max = 0xffff_ffffL) long u32,
            @ForAll long u64,
            @ForAll("texts") String text,
            @ForAll @Size(max = 500) byte[] bytes)
            throws IOException {
        int textBytes = text.getBytes(StandardCharsets.UTF_8).length;
        byte[] written = new PayloadWriter()
                .u8(u8)
                .u16(u16)
                .u32(u32)
                .u64(u64)
                .text(text, textBytes)
                .bytes(bytes, bytes.length)
                .raw(bytes)
                .toByteArray();
        PayloadReader in = new PayloadReader(Ends.join(new byte[3], written, new byte[3]), 3, written.length);
        assertThat(in.u8()).isEqualTo(u8);
        assertThat(in.u16()).isEqualTo(u16);
        assertThat(in.u32()).isEqualTo(u32);
        assertThat(in.u64()).isEqualTo(u64);
        assertThat(in.text(textBytes)).isEqualTo(text);
        assertThat(in.bytes(bytes.length)).isEqualTo(bytes);
        assertThat(in.raw(bytes.length)).isEqualTo(bytes);
        in.end();
    }

    private static Frame carried(Ends.Sending sending) throws IOException {
        Frame frame = new Frame();
        assertThat(Ends.receiver(Side.CHILD, true, Ends.bytesOf(Side.PARENT, true, sending))
                        .receive(frame))
                .isTrue();
        return frame;
    }

    private static Frame frame(FrameType type, byte... payload) {
        Frame frame = new Frame();
        System.arraycopy(payload, 0, frame.room(payload.length), 0, payload.length);
        frame.filled(type, payload.length);
        return frame;
    }
}
