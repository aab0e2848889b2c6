package io.skewer.sinks.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.skewer.core.config.FileDestination;
import io.skewer.core.encode.Encoders;
import io.skewer.core.measure.Measures;
import io.skewer.sinks.Batches;
import io.skewer.sinks.Settled;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** On a file system of one megabyte, which is really full. */
@Timeout(60)
class FullDiskTest {
    private static final int MESSAGES = 6_000;
    private static final int BUFFER_BYTES = 65_536;

    @TempDir
    Path directory;

    private final Settled settled = new Settled();

    @BeforeEach
    void mount() throws Exception {
        assumeTrue(
                run("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", directory.toString()) == 0,
                "mounting a small file system needs root");
    }

    @AfterEach
    void unmount() throws Exception {
        run("umount", directory.toString());
    }

    @Test
    void aFullDiskDelaysButLosesAndTearsNothing() throws Exception {
        Path ballast = directory.resolve("ballast");
        Files.write(ballast, new byte[700_000]);
        FileDestination settings = new FileDestination(
                directory + "/log",
                "file",
                false,
                Duration.ofSeconds(1),
                BUFFER_BYTES,
                Duration.ofMinutes(1),
                8,
                false,
                5);
        FileSink sink = new FileSink(settings, Encoders.ofLines("file", false), settled, new Measures());
        Batches batches = new Batches();
        Thread sender = Thread.ofPlatform().start(() -> {
            try {
                for (int i = 0; i < MESSAGES; i++) {
                    batches.add("app", "x".repeat(60) + " " + i);
                    if (i % 100 == 99) {
                        sink.send(batches.take());
                    }
                }
                sink.idle();
            } catch (InterruptedException cause) {
                throw new IllegalStateException(cause);
            }
        });
        assertThat(settled.await(1, 20)).isPositive();
        while (Files.getFileStore(directory).getUsableSpace() >= BUFFER_BYTES) {
            Thread.sleep(1);
        }
        sender.join(1_000);
        assertThat(sender.isAlive()).as("the disk is full").isTrue();
        assertThat(settled.count()).isLessThan(MESSAGES);
        Files.delete(ballast);
        sender.join(30_000);
        assertThat(settled.count()).isEqualTo(MESSAGES);
        sink.close();
        List<Integer> numbers = Files.readAllLines(directory.resolve("log")).stream()
                .map(line -> Integer.parseInt(line.substring(line.lastIndexOf(' ') + 1)))
                .toList();
        assertThat(numbers)
                .containsExactlyElementsOf(IntStream.range(0, MESSAGES).boxed().toList());
    }

    private static int run(String... command) throws IOException, InterruptedException {
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
    }
}
