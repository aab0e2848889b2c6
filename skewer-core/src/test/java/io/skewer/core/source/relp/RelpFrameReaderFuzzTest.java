package io.skewer.core.source.relp;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import io.skewer.core.source.ProtocolViolation;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

class RelpFrameReaderFuzzTest {
    private static final int MAX_DATA_BYTES = 50;

    @FuzzTest
    void noStreamGivesOtherFramesWhenItIsCut(FuzzedDataProvider data) {
        int cut = data.consumeInt(0, 300);
        byte[] stream = data.consumeRemainingAsBytes();
        assertThat(read(stream, Math.min(cut, stream.length))).isEqualTo(read(stream, 0));
    }

    private static List<String> read(byte[] stream, int cut) {
        RelpFrameReader reader = new RelpFrameReader(MAX_DATA_BYTES);
        List<String> found = new ArrayList<>();
        try {
            int at = readAll(reader, Arrays.copyOf(stream, cut), 0, found);
            readAll(reader, stream, at, found);
        } catch (ProtocolViolation violation) {
            found.add(violation.reason());
        }
        return found;
    }

    private static int readAll(RelpFrameReader reader, byte[] bytes, int from, List<String> found)
            throws ProtocolViolation {
        int at = from;
        while (reader.next(bytes, at, bytes.length)) {
            at = reader.position();
            String data = reader.isTooLong()
                    ? "too long"
                    : new String(bytes, reader.dataOffset(), reader.dataBytes(), StandardCharsets.ISO_8859_1);
            found.add(
                    reader.txnr() + " " + reader.isCommand(bytes, "syslog".getBytes(StandardCharsets.US_ASCII)) + data);
        }
        return reader.position();
    }
}
