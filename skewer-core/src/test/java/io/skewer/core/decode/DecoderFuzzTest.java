package io.skewer.core.decode;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.skewer.core.config.Decoding;

/** Any bytes through every decoder: nothing is thrown, nothing is lost. */
class DecoderFuzzTest {
    @FuzzTest
    void auto(byte[] frame) {
        assertKept("auto", frame);
    }

    @FuzzTest
    void rfc5424(byte[] frame) {
        assertKept("rfc5424", frame);
    }

    @FuzzTest
    void rfc3164(byte[] frame) {
        assertKept("rfc3164", frame);
    }

    @FuzzTest
    void json(byte[] frame) {
        assertKept("json", frame);
    }

    @FuzzTest
    void otherCharacterSets(byte[] frame) {
        for (String charset :
                new String[] {"latin1", "windows-1252", "us-ascii", "Shift_JIS", "UTF-16", "ISO-2022-JP"}) {
            Decoded decoded = Decoded.of(new Decoding("auto", charset, "UTC", true), frame, Decoded.RECEIVED);
            assertThat(decoded.raw()).isEqualTo(frame);
        }
    }

    private static void assertKept(String format, byte[] frame) {
        Decoded decoded = Decoded.of(Decoded.settings(format), frame, Decoded.RECEIVED);
        assertThat(decoded.keeps(frame)).as(decoded.summary()).isTrue();
    }
}
