package io.skewer.core.encode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.skewer.core.message.ByteBuilder;
import io.skewer.core.message.Field;
import io.skewer.core.message.MessageId;
import io.skewer.core.message.Origin;
import io.skewer.core.message.ParseStatus;
import io.skewer.core.message.RecordView;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The predecessor's reference output, with its defects mended: UTC, sub-seconds, cleaned values. */
class EncodersTest {
    private static final String FIELDS = "{\"facility\":\"auth\",\"severity\":\"crit\","
            + "\"timereported\":\"2018-06-10T10:00:00.123456789Z\",\"timegenerated\":\"2018-06-10T10:00:01Z\","
            + "\"hostname\":\"host\",\"appname\":\"app\",\"procid\":\"42\",\"msgid\":\"ID1\","
            + "\"message\":\"hello <&> é \\u0009 \\\"q\\\" \\\\ \u2028\",\"properties\":{\"d\":{\"k\":\"v\\\"]\\\\\"}}}";

    @Test
    void jsonHasTheKeysOfThePredecessorInItsOrder() {
        assertThat(new Sample().encoded("json")).isEqualTo(FIELDS);
    }

    @Test
    void fullJsonSaysWhereTheMessageCameIn() {
        Sample sample = new Sample();
        String text = sample.encoded("fulljson");
        String uid = JsonParser.parseString(text).getAsJsonObject().get("uid").getAsString();
        assertThat(uid).hasSize(MessageId.TEXT_CHARS);
        assertThat(text)
                .isEqualTo("{\"client_addr\":\"1.2.3.4\",\"source_type\":\"tcp\",\"source_port\":1514,\"uid\":\"" + uid
                        + "\",\"parse_status\":\"ok\",\"fields\":" + FIELDS + "}");
    }

    @Test
    void fullJsonNamesTheUnixSocket() {
        assertThat(new Sample().origin(new Origin("udp", "", 0, "/dev/log")).encoded("fulljson"))
                .startsWith("{\"source_type\":\"udp\",\"source_path\":\"/dev/log\",\"source_port\":0,\"uid\":\"");
    }

    @Test
    void theLineFormatsAreThoseOfThePredecessorWithSubSeconds() {
        Sample sample = new Sample().with(Field.MESSAGE, "hello <&> é");
        assertThat(sample.encoded("rfc5424"))
                .isEqualTo("<34>1 2018-06-10T10:00:00.123456Z host app 42 ID1 [d k=\"v\\\"\\]\\\\\"] hello <&> é");
        assertThat(sample.encoded("rfc3164")).isEqualTo("<34>Jun 10 10:00:00 host app[42]: hello <&> é");
        assertThat(sample.encoded("file")).isEqualTo("2018-06-10T10:00:00.123456789Z host app hello <&> é");
    }

    @Test
    void whatIsMissingIsWrittenAsEachFormatWants() {
        Sample sample = Sample.empty().priority(0).reportedNs(0);
        assertThat(sample.encoded("rfc5424")).isEqualTo("<0>1 1970-01-01T00:00:00Z - - - - -");
        assertThat(sample.encoded("rfc3164")).isEqualTo("<0>Jan  1 00:00:00 1.2.3.4 ");
        assertThat(sample.encoded("file")).isEqualTo("1970-01-01T00:00:00Z - - ");
        assertThat(sample.encoded("json"))
                .isEqualTo("{\"facility\":\"kern\",\"severity\":\"emerg\",\"timereported\":\"1970-01-01T00:00:00Z\","
                        + "\"timegenerated\":\"2018-06-10T10:00:01Z\"}");
    }

    @ParameterizedTest
    @CsvSource({
        "-1, 1969-12-31T23:59:59.999999999Z",
        "1000000000, 1970-01-01T00:00:01Z",
        "1709164800100000000, 2024-02-29T00:00:00.1Z",
        "-9223372036854775808, 1677-09-21T00:12:43.145224192Z",
        "9223372036854775807, 2262-04-11T23:47:16.854775807Z"
    })
    void timesAreRfc3339(long epochNs, String expected) {
        ByteBuilder out = new ByteBuilder(16);
        TimeText time = new TimeText();
        time.addRfc3339(epochNs, out);
        assertThat(out.toString()).isEqualTo(expected);
    }

    @Test
    void aMissingMsgidIsTheIdWhenAskedFor() {
        Sample sample = Sample.empty().with(Field.MESSAGE, "x");
        for (String format : new String[] {"json", "rfc5424"}) {
            RecordView record = sample.record();
            ByteBuilder out = new ByteBuilder(16);
            Encoders.of(format, true).encode(record, out);
            assertThat(out.toString()).contains(record.idText());
            assertThat(sample.encoded(format)).doesNotContain("msgid");
        }
        assertThat(new Sample().encoded(Encoders.of("json", true))).contains("\"msgid\":\"ID1\"");
    }

    @Test
    void aRepeatedParameterIsAnArrayAndElementsOfOneDomainAreOne() {
        String text = Sample.empty()
                .element("a", "k", "1", "l", "2", "k", "3")
                .element("b")
                .element("a", "m", "4", "k", "5")
                .encoded("json");
        assertThat(text)
                .endsWith("\"properties\":{\"a\":{\"k\":[\"1\",\"3\",\"5\"],\"l\":\"2\",\"m\":\"4\"},\"b\":{}}}");
    }

    @Test
    void thousandsOfParametersAreMergedWithoutEffort() {
        String[] element = new String[1 + 2 * 20_000];
        element[0] = "d";
        for (int i = 0; i < 20_000; i++) {
            element[1 + 2 * i] = "k" + i % 10_000;
            element[2 + 2 * i] = "v" + i;
        }
        JsonObject read = JsonParser.parseString(Sample.empty().element(element).encoded("json"))
                .getAsJsonObject();
        JsonObject domain = read.getAsJsonObject("properties").getAsJsonObject("d");
        assertThat(domain.size()).isEqualTo(10_000);
        assertThat(domain.get("k7").getAsJsonArray().get(1).getAsString()).isEqualTo("v10007");
    }

    @Test
    void whatWasNotUnderstoodTravelsWithTheFrame() {
        Sample sample = Sample.empty()
                .status(ParseStatus.PARTIAL)
                .with(Field.RAW, "<1>\"x")
                .with(Field.MESSAGE, "x");
        assertThat(sample.encoded("json"))
                .endsWith("\"message\":\"x\",\"parse_status\":\"partial\",\"raw\":\"<1>\\\"x\"}");
        assertThat(sample.encoded("fulljson"))
                .contains("\",\"parse_status\":\"partial\",\"raw\":\"<1>\\\"x\",\"fields\":{");
    }

    @Test
    void bytesThatAreNoUtf8AreReadableAndComplete() {
        byte[] broken = {
            'a', (byte) 0xC0, (byte) 0x80, 'b', (byte) 0xED, (byte) 0xA0, (byte) 0x80, (byte) 0xE2, (byte) 0x82
        };
        String base64 = Base64.getEncoder().encodeToString(broken);
        assertThat(Sample.empty().with(Field.MESSAGE, broken).encoded("json"))
                .endsWith("\"message\":\"a\\ufffd\\ufffdb\\ufffd\\ufffd\\ufffd\\ufffd\\ufffd\",\"message_b64\":\""
                        + base64 + "\"}");
        assertThat(Sample.empty()
                        .with(Field.MESSAGE, "x")
                        .with(Field.RAW, broken)
                        .status(ParseStatus.RAW)
                        .encoded("json"))
                .endsWith(",\"parse_status\":\"raw\",\"raw_b64\":\"" + base64 + "\"}");
    }

    @Test
    void rfc5424IsCleanedAndCutSoThatNoMessageIsUndeliverable() {
        Sample sample = new Sample()
                .with(Field.HOST, "h é")
                .with(Field.APP, "a".repeat(100))
                .with(Field.PROCID, "p\n")
                .with(Field.MSGID, "m".repeat(33))
                .with(Field.MESSAGE, "m");
        sample.element("x=]\" \u00E9" + "y".repeat(40), "", "two\nlines");
        assertThat(sample.encoded("rfc5424"))
                .isEqualTo("<34>1 2018-06-10T10:00:00.123456Z h??? " + "a".repeat(48) + " p? " + "m".repeat(32)
                        + " [d k=\"v\\\"\\]\\\\\"][x??????" + "y".repeat(25) + " -=\"two\nlines\"] m");
    }

    @ParameterizedTest
    @ValueSource(strings = {"rfc5424", "rfc3164", "file"})
    void aLineStaysALine(String format) {
        Sample sample = new Sample()
                .with(Field.MESSAGE, "a\nb\r\u0000\u001B[31m\t\u007F")
                .element("e", "k", "v\nw");
        String text = sample.encoded(Encoders.ofLines(format, false));
        assertThat(text).endsWith("a#012b#015#000#033[31m\t#177").doesNotContain("\n");
        assertThat(sample.encoded(format)).as("where the length travels").endsWith("a\nb\r\u0000\u001B[31m\t\u007F");
    }

    @Test
    void anUnknownFormatIsRefused() {
        assertThatThrownBy(() -> Encoders.of("xml", false)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void everyFormatOfTheListExists() {
        assertThat(Encoders.FORMATS)
                .allSatisfy(format -> assertThat(new Sample().encoded(format)).isNotEmpty());
    }

    @Test
    void encodingDoesNotChangeTheRecord() {
        RecordView record = new Sample().record();
        byte[] before = record.array().clone();
        for (String format : Encoders.FORMATS) {
            Encoders.ofLines(format, true).encode(record, new ByteBuilder(16));
        }
        assertThat(record.array()).isEqualTo(before);
        assertThat(new String(before, StandardCharsets.UTF_8)).contains("hello");
    }
}
