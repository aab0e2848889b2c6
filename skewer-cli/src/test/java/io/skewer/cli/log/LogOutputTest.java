package io.skewer.cli.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogOutputTest {
    private static LogRecord record(String event) {
        return new LogRecord(1_780_000_000_000_000_000L, LogLevel.ERROR, "l", event, List.of(), "");
    }

    @Test
    void linesGoToTheFileAndAfterRotationToTheNewOne(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("skewer.log");
        Files.writeString(file, "before\n");
        try (LogOutput output = new LogOutput(new LogOptions(LogLevel.INFO, file, true, false))) {
            output.accept(record("one"));
            Path rotated = directory.resolve("skewer.log.1");
            Files.move(file, rotated);
            output.accept(record("two"));
            output.reopen();
            output.accept(record("three"));

            assertThat(Files.readAllLines(rotated)).hasSize(3).first().isEqualTo("before");
            assertThat(Files.readAllLines(file))
                    .hasSize(2)
                    .allMatch(line -> line.startsWith("{"))
                    .first()
                    .asString()
                    .contains("\"log.reopened\"", "\"file\":\"" + file + "\"");
            assertThat(Files.readString(file)).contains("\"three\"");
        }
    }

    @Test
    void whenTheFileCannotBeOpenedAgainTheOldOneIsKept(@TempDir Path directory) throws IOException {
        Path logs = Files.createDirectory(directory.resolve("logs"));
        try (LogOutput output =
                new LogOutput(new LogOptions(LogLevel.INFO, logs.resolve("skewer.log"), false, false))) {
            Path moved = directory.resolve("moved");
            Files.move(logs, moved);
            output.reopen();
            output.accept(record("still"));
            assertThat(Files.readString(moved.resolve("skewer.log")))
                    .contains("event=log.reopen_failed", "event=still");
            assertThat(output.failures()).isEqualTo(1);
        }
    }

    @Test
    void aBrokenOutputIsCountedAndNeverThrows() throws IOException {
        try (LogOutput output = new LogOutput(LogFormat.LOGFMT, new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException("broken pipe");
            }
        })) {
            output.accept(record("lost"));
            assertThat(output.failures()).isEqualTo(1);
        }
    }

    @Test
    void theLocalSyslogGetsEveryLineAsItsDaemonExpects() throws IOException {
        List<String> datagrams = new ArrayList<>();
        try (LogOutput output = new LogOutput(LogFormat.LOGFMT, new ByteArrayOutputStream())) {
            output.alsoTo(new LocalSyslog(
                    bytes -> datagrams.add(new String(bytes, StandardCharsets.UTF_8)), ZoneId.of("Europe/Paris"), 77));
            output.accept(record("tcp.refused"));
            output.accept(record("x".repeat(20_000)));
        }
        assertThat(datagrams.getFirst())
                .isEqualTo(
                        "<131>May 28 22:26:40 skewer[77]: time=2026-05-28T20:26:40Z level=error event=tcp.refused logger=l");
        assertThat(datagrams)
                .allSatisfy(datagram -> assertThat(datagram.getBytes(StandardCharsets.UTF_8))
                        .hasSizeLessThanOrEqualTo(LocalSyslog.MAX_DATAGRAM_BYTES));
    }
}
