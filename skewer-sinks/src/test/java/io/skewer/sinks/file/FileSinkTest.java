package io.skewer.sinks.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skewer.core.config.FileDestination;
import io.skewer.core.encode.Encoders;
import io.skewer.core.measure.Measures;
import io.skewer.core.message.ByteBuilder;
import io.skewer.core.template.TemplateSyntax;
import io.skewer.sinks.Batches;
import io.skewer.sinks.Failure;
import io.skewer.sinks.Settled;
import io.skewer.sinks.Sink;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class FileSinkTest {
    private static final String LINE = "2018-06-10T10:00:00.123456789Z host ";

    @TempDir
    Path directory;

    private final Settled settled = new Settled();
    private final Batches batches = new Batches();

    private FileDestination settings(String name) {
        return settings(name, false, 2, false);
    }

    private FileDestination settings(String name, boolean sync, int openFiles, boolean gzip) {
        return new FileDestination(
                directory + "/" + name,
                "file",
                sync,
                Duration.ofSeconds(1),
                4096,
                Duration.ofSeconds(1),
                openFiles,
                gzip,
                5);
    }

    private FileSink sink(FileDestination settings) throws TemplateSyntax {
        return new FileSink(settings, Encoders.ofLines("file", false), settled, new Measures());
    }

    @Test
    void aMessageIsALineInTheFileOfItsTemplateAndSettlesWhenItIsWritten() throws Exception {
        FileSink sink = sink(settings("{{.Date}}/{{.AppName}}.log"));
        sink.send(batches.add("app", "one").add("app", "two\nlines").take());
        assertThat(settled.count()).as("still in memory").isZero();
        sink.idle();
        assertThat(settled.calls()).containsExactly("0:0-2");
        assertThat(directory.resolve("2018-06-10/app.log"))
                .hasContent(LINE + "app one\n" + LINE + "app two#012lines\n");
        sink.close();
    }

    @Test
    void aBatchSpreadOverSeveralFilesSettlesInOneCallWhenAllAreWritten() throws Exception {
        FileSink sink = sink(settings("{{.AppName}}"));
        for (int i = 0; i < 100; i++) {
            batches.add("app" + i % 2, "n " + i);
        }
        sink.send(batches.take());
        sink.idle();
        assertThat(settled.calls()).containsExactly("0:0-100");
        assertThat(Files.readAllLines(directory.resolve("app1")))
                .hasSize(50)
                .last()
                .isEqualTo(LINE + "app1 n 99");
        sink.close();
    }

    @Test
    void theFileUnusedLongestIsClosedWhenTooManyAreOpenAndNothingIsLost() throws Exception {
        FileSink sink = sink(settings("{{.AppName}}"));
        for (int i = 0; i < 300; i++) {
            batches.add("app" + i % 10, "n " + i);
        }
        sink.send(batches.take());
        sink.close();
        assertThat(settled.count()).isEqualTo(300);
        try (Stream<Path> files = Files.list(directory)) {
            assertThat(files)
                    .hasSize(10)
                    .allSatisfy(file -> assertThat(Files.readAllLines(file)).hasSize(30));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "../../escaped-x",
                "/etc/passwd",
                "..",
                ".",
                "...",
                ".hidden",
                "",
                "a\u0000b",
                "a\nb",
                "é\u202E",
                "x/../../y",
                "~",
                "CON:\\",
            })
    void noAppNameLeavesTheDirectory(String app) throws Exception {
        Path base = Files.createDirectory(directory.resolve("base"));
        FileSink sink = sink(settings("base/{{.AppName}}/{{.AppName}}.log"));
        sink.send(batches.add(app, "x").take());
        sink.idle();
        sink.close();
        assertThat(settled.count()).isEqualTo(1);
        try (Stream<Path> all = Files.walk(directory)) {
            List<Path> files = all.filter(Files::isRegularFile).toList();
            assertThat(files).hasSize(1);
            assertThat(files.getFirst().normalize()).startsWith(base);
            assertThat(base.relativize(files.getFirst()).getNameCount()).isEqualTo(2);
            assertThat(files.getFirst().getFileName().toString()).matches("[!-~&&[^/.]][!-~&&[^/]]*");
        }
    }

    @Test
    void aLongAppNameIsCut() throws Exception {
        FileSink sink = sink(settings("{{.AppName}}-{{.AppName}}-{{.AppName}}.log"));
        sink.send(batches.add("x".repeat(5000), "x").take());
        sink.close();
        assertThat(settled.count()).isEqualTo(1);
        try (Stream<Path> files = Files.list(directory)) {
            assertThat(files.map(file -> file.getFileName().toString().length()))
                    .containsExactly(FileName.COMPONENT_MAX_BYTES);
        }
    }

    @Test
    void aLinkInPlaceOfTheFileOrADirectoryIsNotFollowed() throws Exception {
        Path outside = Files.createDirectory(directory.resolve("outside"));
        Path victim = Files.writeString(outside.resolve("victim"), "precious\n");
        Path base = Files.createDirectory(directory.resolve("base"));
        Files.createSymbolicLink(base.resolve("directory"), outside);
        Files.createDirectory(base.resolve("plain"));
        Files.createSymbolicLink(base.resolve("plain/file"), victim);
        FileSink sink = sink(settings("base/{{.AppName}}/{{.MsgId}}{{.ProcId}}file"));
        FileSink named = sink(settings("base/{{.AppName}}/file"));
        sink.send(batches.add("directory", "x").take());
        named.send(batches.add("plain", "x").add("good", "y").take());
        sink.close();
        named.close();
        assertThat(settled.reason(0, 0)).isEqualTo(Failure.Reason.REFUSED);
        assertThat(settled.reason(1, 0)).isEqualTo(Failure.Reason.REFUSED);
        assertThat(settled.calls()).containsExactly("1:1-2");
        assertThat(victim).hasContent("precious\n");
        try (Stream<Path> files = Files.list(outside)) {
            assertThat(files).containsExactly(victim);
        }
    }

    @Test
    void aFileThatWasMovedAwayIsMadeAgain() throws Exception {
        FileSink sink = sink(settings("log"));
        sink.send(batches.add("app", "before").take());
        sink.idle();
        Files.move(directory.resolve("log"), directory.resolve("log.1"));
        Thread.sleep(1_100);
        sink.send(batches.add("app", "after").take());
        sink.idle();
        sink.close();
        assertThat(directory.resolve("log.1")).hasContent(LINE + "app before\n");
        assertThat(directory.resolve("log")).hasContent(LINE + "app after\n");
        assertThat(settled.count()).isEqualTo(2);
    }

    @Test
    void halfALineThatACrashHasLeftGetsItsEnd() throws Exception {
        Files.writeString(directory.resolve("log"), "whole\nhal");
        FileSink sink = sink(settings("log"));
        sink.send(batches.add("app", "new").take());
        sink.close();
        assertThat(directory.resolve("log")).hasContent("whole\nhal\n" + LINE + "app new\n");
    }

    @Test
    void aFileNobodyWritesToIsClosed() throws Exception {
        Measures measures = new Measures();
        FileSink sink = new FileSink(settings("log"), Encoders.ofLines("file", false), settled, measures);
        sink.send(batches.add("app", "x").take());
        long leftNs = sink.idle();
        assertThat(openFiles(measures)).isEqualTo(1);
        TimeUnit.NANOSECONDS.sleep(leftNs);
        assertThat(sink.idle()).as("nothing left to come back for").isEqualTo(Sink.NEVER_NS);
        assertThat(openFiles(measures)).isZero();
        sink.send(batches.add("app", "y").take());
        sink.close();
        assertThat(Files.readAllLines(directory.resolve("log"))).hasSize(2);
    }

    private static double openFiles(Measures measures) {
        return measures.snapshot().stream()
                .filter(sample -> sample.name().equals("skewer_file_open_files"))
                .findFirst()
                .orElseThrow()
                .value();
    }

    @Test
    void withSyncNothingSettlesBeforeTheDiskHasIt() throws Exception {
        FileSink sink = sink(settings("log", true, 8, false));
        for (int i = 0; i < 1000; i++) {
            batches.add("app", "n " + i);
        }
        sink.send(batches.take());
        assertThat(Files.size(directory.resolve("log")))
                .as("full buffers were written")
                .isPositive();
        assertThat(settled.count()).as("but not synced").isZero();
        sink.idle();
        assertThat(settled.calls()).containsExactly("0:0-1000");
        sink.close();
    }

    @Test
    void gzipFilesReadWholeAfterEveryWriteAndACrashCostsOnlyTheLastMember() throws Exception {
        FileSink sink = sink(settings("log", false, 8, true));
        for (int i = 0; i < 1000; i++) {
            batches.add("app", "n " + i);
        }
        sink.send(batches.take());
        sink.close();
        Path file = directory.resolve("log.gz");
        assertThat(gunzip(file)).hasSize(1000).last().isEqualTo(LINE + "app n 999");
        int sound = gunzip(file).size();
        Files.write(
                file,
                new byte[] {0x1F, (byte) 0x8B, 8, 4, 0, 0, 0, 0, 0, (byte) 0xFF, 8, 0, 'S', 'K', 4, 0, 99, 9, 0, 0, 1},
                StandardOpenOption.APPEND);
        FileSink next = sink(settings("log", false, 8, true));
        next.send(batches.add("app", "after").take());
        next.close();
        assertThat(gunzip(file)).hasSize(sound + 1).last().isEqualTo(LINE + "app after");
        assertThat(settled.count()).isEqualTo(1001);
    }

    private static List<String> gunzip(Path file) throws IOException {
        try (InputStream in = new GZIPInputStream(Files.newInputStream(file))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        }
    }

    @Test
    void linesAreKeptInOrder() throws Exception {
        FileSink sink = sink(settings("log"));
        for (int i = 0; i < 5000; i++) {
            batches.add("app", Integer.toString(i));
            if (i % 700 == 0) {
                sink.send(batches.take());
            }
        }
        sink.send(batches.take());
        sink.close();
        assertThat(Files.readAllLines(directory.resolve("log")).stream()
                        .map(line -> line.substring(line.lastIndexOf(' ') + 1)))
                .containsExactlyElementsOf(
                        IntStream.range(0, 5000).mapToObj(Integer::toString).toList());
    }

    @ParameterizedTest
    @ValueSource(strings = {"relative/{{.AppName}}", "/var/log/", "/var/{{.AppName}}/../x", "/var/./x"})
    void aNameWithoutABaseDirectoryIsRefused(String name) {
        assertThatThrownBy(() -> FileName.compile(name)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aDamagedBatchFailsFromTheDamageOnAndTheNextOneIsWritten() throws Exception {
        FileSink sink = sink(settings("all.log"));
        sink.send(batches.add("a", "one").add("b", "two").takeDamagedFrom(1));
        sink.send(batches.add("c", "three").takeDamagedFrom(0));
        sink.send(batches.add("d", "four").take());
        sink.idle();
        assertThat(directory.resolve("all.log")).hasContent(LINE + "a one\n" + LINE + "d four\n");
        assertThat(settled.calls()).containsExactly("0:0-1", "2:0-1");
        assertThat(settled.reason(0, 1)).isEqualTo(Failure.Reason.ENCODING);
        assertThat(settled.reason(1, 0)).isEqualTo(Failure.Reason.ENCODING);
        sink.close();
    }

    @Test
    void anInterruptLeavesNothingInTheFileThatIsWrittenAgainLater() throws Exception {
        Path path = directory.resolve("all.log");
        ByteBuilder lines = new ByteBuilder(4 << 20);
        lines.reserve(4 << 20);
        lines.advance(4 << 20);
        for (int round = 0; round < 5; round++) {
            Files.deleteIfExists(path);
            AtomicInteger appended = new AtomicInteger();
            Thread writing = Thread.ofPlatform().start(() -> {
                try (LogFile file = LogFile.open(directory, path, false)) {
                    while (appended.get() < 1000) {
                        file.append(lines);
                        appended.incrementAndGet();
                    }
                } catch (IOException interrupted) {
                    // What the count says is what a caller believes to be written.
                }
            });
            Thread.sleep(10 + round);
            writing.interrupt();
            writing.join();
            assertThat(Files.size(path)).isEqualTo((long) appended.get() * lines.length());
        }
    }
}
