package io.skewer.cli.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.skewer.core.config.MalformedBytes;
import io.skewer.core.config.PlainBytes;
import java.util.Collections;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class LogRecordTest {
    @Property(tries = 200)
    void aRecordComesBackEqual(
            @ForAll long timeNs,
            @ForAll LogLevel level,
            @ForAll @AlphaChars String text,
            @ForAll @Size(max = 10) List<@AlphaChars String> words)
            throws MalformedBytes {
        List<LogRecord.Pair> pairs =
                words.stream().map(word -> new LogRecord.Pair(word, text)).toList();
        LogRecord record = new LogRecord(timeNs, level, "logger", text, pairs, text + "\n\tat x");
        assertThat(LogRecord.fromBytes(record.toBytes())).isEqualTo(record);
    }

    @Test
    void theLargestRecordFitsIntoAFrame() throws MalformedBytes {
        String huge = "\u20ac".repeat(1_000_000);
        LogRecord record = new LogRecord(
                1, LogLevel.INFO, huge, huge, Collections.nCopies(1000, new LogRecord.Pair(huge, huge)), huge);
        byte[] bytes = record.toBytes();
        assertThat(bytes).hasSizeLessThan(256 * 1024);
        assertThat(LogRecord.fromBytes(bytes)).isEqualTo(record);
        assertThat(record.with("process", "tcp").pairs().getFirst().value()).isEqualTo("tcp");
    }

    @Test
    void whatIsNotARecordIsRefused() {
        for (Object plain : List.of(
                "text",
                List.of(),
                List.of(1L, "info", "l", "e", List.of("odd"), ""),
                List.of(1L, "loud", "l", "e", List.of(), ""),
                List.of(1L, "info", "l", "e", List.of(1L, 2L), ""),
                List.of("1", "info", "l", "e", List.of(), ""),
                List.of(1L, "info", "l", "e", Collections.nCopies(2 * LogRecord.MAX_PAIRS + 2, "x"), ""))) {
            byte[] bytes = PlainBytes.encode(plain);
            assertThatExceptionOfType(MalformedBytes.class).isThrownBy(() -> LogRecord.fromBytes(bytes));
        }
    }

    @FuzzTest
    void anyBytesAreReadOrRefusedAndWhatIsReadIsOneLine(byte[] bytes) {
        try {
            LogRecord record = LogRecord.fromBytes(bytes);
            for (LogFormat format : LogFormat.values()) {
                if (format.line(record).chars().anyMatch(c -> c < ' ')) {
                    throw new AssertionError(format.line(record));
                }
            }
        } catch (MalformedBytes e) {
            // refused, as it should be
        }
    }
}
