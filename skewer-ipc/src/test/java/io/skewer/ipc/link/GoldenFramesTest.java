package io.skewer.ipc.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.skewer.ipc.link.Settlement.Failed;
import io.skewer.ipc.link.Settlement.Range;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The bytes of frames as they are on the wire, for the secret 00 01 02 ... 1f. They were made by an independent
 * implementation of HKDF, AES-GCM and CRC32C. When they change, processes of different builds do not understand each other.
 */
class GoldenFramesTest {
    private static final Settlement SETTLEMENT = new Settlement(
            0x1122334455667788L,
            List.of(new Range(0, 7), new Range(9, 300)),
            List.of(new Failed(7, 0, 1, "too large"), new Failed(8, 255, 0x0203, "größer")));

    @ParameterizedTest
    @CsvSource({"PARENT, true", "PARENT, false", "CHILD, true", "CHILD, false"})
    void framesHaveTheirGoldenBytes(Side side, boolean encrypted) throws IOException {
        byte[] written = Ends.bytesOf(side, encrypted, link -> send(side, link));
        assertThat(HexFormat.of().formatHex(written)).isEqualTo(golden(side, encrypted));
    }

    @ParameterizedTest
    @CsvSource({"true", "false"})
    void goldenBytesAreRead(boolean encrypted) throws IOException {
        Frame frame = new Frame();
        Link child = Ends.receiver(Side.CHILD, encrypted, HexFormat.of().parseHex(golden(Side.PARENT, encrypted)));
        assertThat(child.receive(frame)).isTrue();
        assertThat(frame.type()).isEqualTo(FrameType.START);
        assertThat(child.receive(frame)).isTrue();
        assertThat(DataFrames.readCredit(frame)).isEqualTo(0xfedcba98L);
        assertThat(child.receive(frame)).isTrue();
        BatchFrame batch = DataFrames.readBatch(frame);
        assertThat(batch.number()).isEqualTo(0x0102030405060708L);
        assertThat(batch.firstRecord()).isEqualTo(0x0a0b0c0d);
        assertThat(batch.batch()).isEqualTo(Ends.ascending(40));
        assertThat(child.receive(frame)).isFalse();

        Link parent = Ends.receiver(Side.PARENT, encrypted, HexFormat.of().parseHex(golden(Side.CHILD, encrypted)));
        assertThat(parent.receive(frame)).isTrue();
        assertThat(DataFrames.readKept(frame)).isEqualTo(0x0102030405060708L);
        assertThat(parent.receive(frame)).isTrue();
        assertThat(DataFrames.readSettlement(frame)).isEqualTo(SETTLEMENT);
        assertThat(parent.receive(frame)).isFalse();
    }

    private static void send(Side side, Link link) throws IOException {
        if (side == Side.PARENT) {
            link.send(FrameType.START);
            DataFrames.sendCredit(link, 0xfedcba98L);
            DataFrames.sendBatch(link, 0x0102030405060708L, 0x0a0b0c0d, Ends.ascending(40));
        } else {
            DataFrames.sendKept(link, 0x0102030405060708L);
            DataFrames.sendSettlement(link, SETTLEMENT);
        }
    }

    /** The hex digits of a golden file, without its line breaks. */
    private static String golden(Side side, boolean encrypted) throws IOException {
        String name =
                "frames-" + (encrypted ? "encrypted" : "plain") + (side == Side.PARENT ? "-to-child" : "-to-parent");
        try (InputStream in = Objects.requireNonNull(GoldenFramesTest.class.getResourceAsStream(name + ".hex"), name)) {
            return new String(in.readAllBytes(), StandardCharsets.US_ASCII).replaceAll("\\s", "");
        }
    }
}
