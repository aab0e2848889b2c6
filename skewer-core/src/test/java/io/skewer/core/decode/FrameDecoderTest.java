package io.skewer.core.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.skewer.core.config.Decoding;
import io.skewer.core.message.ParseStatus;
import java.io.ByteArrayOutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FrameDecoderTest {
    private static final String LINE = "<13>Oct 11 22:14:15 host app: caf\u00e9 \u20ac";

    private static Decoded decode(String charset, byte[] frame) {
        return Decoded.of(new Decoding("auto", charset, "UTC", false), frame, Decoded.RECEIVED);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"utf8", "UTF-8", "windows-1252", "windows1252", "iso-8859-15", "latin15", "UTF-16LE", "GB18030"})
    void textArrivesInAnyCharacterSet(String charset) {
        String java =
                charset.equals("windows1252") ? "windows-1252" : charset.equals("latin15") ? "iso-8859-15" : charset;
        Decoded decoded = decode(charset, LINE.getBytes(Charset.forName(java)));
        assertThat(decoded.status()).isEqualTo(ParseStatus.OK);
        assertThat(decoded.host()).isEqualTo("host");
        assertThat(decoded.message()).isEqualTo("caf\u00e9 \u20ac");
    }

    @Test
    void everyByteOfLatin1BecomesItsCharacter() {
        ByteArrayOutputStream frame = new ByteArrayOutputStream();
        frame.writeBytes("<13>Oct 11 22:14:15 host app: ".getBytes(StandardCharsets.US_ASCII));
        StringBuilder expected = new StringBuilder();
        for (int c = 0x20; c <= 0xFF; c++) {
            frame.write(c);
            expected.append((char) c);
        }
        // One blank belongs to the tag, the second one is skipped.
        assertThat(decode("latin1", frame.toByteArray()).message())
                .isEqualTo(expected.toString().strip());
    }

    @Test
    void bytesThatMeanNothingInTheCharacterSetKeepTheFrame() {
        byte[] frame = "<13>Oct 11 22:14:15 host app: caf\u00e9".getBytes(StandardCharsets.ISO_8859_1);
        Decoded decoded = decode("us-ascii", frame);
        assertThat(decoded.status()).isEqualTo(ParseStatus.REPAIRED);
        assertThat(decoded.message()).isEqualTo("caf\uFFFD");
        assertThat(decoded.raw()).isEqualTo(frame);
    }

    @Test
    void bytesThatAreNoUtf8AreLeftAsTheyAre() {
        byte[] frame = "<13>Oct 11 22:14:15 host app: caf\u00e9".getBytes(StandardCharsets.ISO_8859_1);
        Decoded decoded = decode("utf8", frame);
        assertThat(decoded.status()).isEqualTo(ParseStatus.OK);
        assertThat(decoded.messageBytes()).isEqualTo(new byte[] {'c', 'a', 'f', (byte) 0xE9});
    }

    @ParameterizedTest
    @ValueSource(strings = {"utf9", "", "no such", "\u00fc"})
    void anUnknownCharacterSetIsRefusedWithItsName(String charset) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Decoders.of(new Decoding("auto", charset, "UTC", false)))
                .withMessageContaining("charset \"" + charset + "\"")
                .withMessageContaining("latin1");
    }

    @Test
    void anUnknownFormatIsRefusedWithItsName() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Decoders.of(Decoded.settings("cef")))
                .withMessageContaining("\"cef\"")
                .withMessageContaining("rfc5424");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<34>1 - h a - - - ok",
                "<34>1 -  h a - - - repaired",
                "<34>partial",
                "raw",
                "{\"message\":\"json\"}"
            })
    void theFrameIsKeptWithAnyStatusWhenAskedFor(String frame) {
        byte[] bytes = frame.getBytes(StandardCharsets.UTF_8);
        Decoded decoded = Decoded.of(new Decoding("auto", "utf8", "UTC", true), bytes, Decoded.RECEIVED);
        assertThat(decoded.raw()).isEqualTo(bytes);
    }

    @Test
    void namesThatDoNotFitARecordMakeTheFrameRaw() {
        String frame = "<34>1 - " + "h".repeat(70_000) + " a - - - text";
        Decoded decoded = Decoded.of("auto", frame);
        assertThat(decoded.status()).isEqualTo(ParseStatus.RAW);
        assertThat(decoded.message()).isEqualTo(frame);
        assertThat(Decoded.of("json", "{\"hostname\":\"" + "h".repeat(70_000) + "\"}")
                        .status())
                .isEqualTo(ParseStatus.RAW);
        assertThat(Decoded.of("json", "{\"" + "k".repeat(70_000) + "\":1}").status())
                .isEqualTo(ParseStatus.RAW);
    }

    @Test
    void moreParametersThanAnElementHoldsAreNotLost() {
        String frame = "<34>1 - h a - - [x" + " a=\"\"".repeat(70_000) + "] text";
        Decoded decoded = Decoded.of("rfc5424", frame);
        assertThat(decoded.status()).isEqualTo(ParseStatus.PARTIAL);
        assertThat(new String(decoded.raw(), StandardCharsets.UTF_8)).isEqualTo(frame);
        StringBuilder json = new StringBuilder("{\"message\":\"m\"");
        for (int i = 0; i < 70_000; i++) {
            json.append(",\"k\":").append(i);
        }
        assertThat(Decoded.of("json", json.append('}').toString()).status()).isEqualTo(ParseStatus.RAW);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[a b=\"]",
                "[a b=\"\\\"",
                "[a ",
                "[a=",
                "[",
                "[]",
                "[a b=\"c\"]",
                "{\"a\":",
                "{\"a\":{\"b\":1},",
                "[[",
                "\\",
                "\"",
                " ",
                ":",
                "[a b=c] ",
                "a: ",
                "1: ",
                "\u00e9"
            })
    void hostileRepetitionsCostTimeInProportion(String piece) {
        String noise = piece.repeat(1_000_000 / piece.length());
        for (String head :
                new String[] {"", "<34>1 - h a p m ", "<34>Oct 11 22:14:15 ", "<34>Oct 11 22:14:15 h a: ", "<34>"}) {
            for (String format : new String[] {"auto", "rfc5424", "rfc3164", "json"}) {
                byte[] frame = (head + noise).getBytes(StandardCharsets.UTF_8);
                long start = System.nanoTime();
                Decoded decoded = Decoded.of(Decoded.settings(format), frame, Decoded.RECEIVED);
                // Quadratic time would be minutes.
                assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
                assertThat(decoded.status() == ParseStatus.OK || decoded.keeps(frame))
                        .isTrue();
            }
        }
    }

    @Test
    void deepNestingIsRefusedWithoutExhaustingTheStack() {
        String frame = "{\"a\":" + "[".repeat(500_000) + "]".repeat(500_000) + "}";
        assertThat(Decoded.of("json", frame).status()).isEqualTo(ParseStatus.RAW);
        assertThat(Decoded.of("json", "{\"a\":" + "[".repeat(60) + "]".repeat(60) + "}")
                        .status())
                .isEqualTo(ParseStatus.OK);
    }
}
