package io.skewer.cli.log;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.util.Collections;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class LogFormatTest {
    private static final long TIME_NS = 1_780_000_000_123_456_789L;

    private static LogRecord record(String event, String throwable, LogRecord.Pair... pairs) {
        return new LogRecord(TIME_NS, LogLevel.WARN, "io.skewer.X", event, List.of(pairs), throwable);
    }

    @Test
    void logfmtIsPlainWhereItCanBe() {
        assertThat(LogFormat.LOGFMT.line(record(
                        "tcp.refused", "", new LogRecord.Pair("port", "1514"), new LogRecord.Pair("why", "a b"))))
                .isEqualTo(
                        "time=2026-05-28T20:26:40.123456Z level=warn event=tcp.refused port=1514 why=\"a b\" logger=io.skewer.X");
    }

    @Test
    void jsonHasTheSameKeys() {
        assertThat(LogFormat.JSON.line(record("tcp.refused", "x", new LogRecord.Pair("port", "1514"))))
                .isEqualTo(
                        "{\"time\":\"2026-05-28T20:26:40.123456Z\",\"level\":\"warn\",\"event\":\"tcp.refused\",\"port\":\"1514\","
                                + "\"logger\":\"io.skewer.X\",\"error\":\"x\"}");
    }

    @Test
    void aValueCannotForgeALineOrAKeyOrCommandATerminal() {
        LogRecord hostile = record(
                "e",
                "",
                new LogRecord.Pair("host", "a\nlevel=crit \"\u001b[2J\u202e\u0085=\\"),
                new LogRecord.Pair("k =\n", ""));
        assertThat(LogFormat.LOGFMT.line(hostile))
                .contains(" host=\"a\\nlevel=crit \\\"\\u001b[2J\\u202e\\u0085=\\\\\" k___=\"\" ");
    }

    @Test
    void aPairCannotTakeThePlaceOfAnOwnKey() {
        assertThat(LogFormat.LOGFMT.line(record("e", "", new LogRecord.Pair("level", "crit"))))
                .contains("level=warn", "field_level=crit");
    }

    @Test
    void aLineIsCutBetweenItsPairs() {
        LogRecord long_ = record(
                "e",
                "t".repeat(LogRecord.MAX_THROWABLE_LENGTH),
                Collections.nCopies(60, new LogRecord.Pair("k", "\u0001".repeat(1000)))
                        .toArray(LogRecord.Pair[]::new));
        assertThat(LogFormat.LOGFMT.line(long_)).hasSizeLessThanOrEqualTo(LogFormat.MAX_LINE_LENGTH);
        assertThat(JsonParser.parseString(LogFormat.JSON.line(long_)).isJsonObject())
                .isTrue();
    }

    @Property(tries = 300)
    void anyRecordIsOneLineOfJsonThatSaysTheSame(@ForAll String event, @ForAll String value) {
        String line = LogFormat.JSON.line(record(event, "", new LogRecord.Pair("k", value)));
        JsonObject object = JsonParser.parseString(line).getAsJsonObject();
        assertThat(object.get("event").getAsString()).isEqualTo(event);
        assertThat(object.get("k").getAsString()).isEqualTo(value);
        assertThat(line).doesNotContain("\n");
    }
}
