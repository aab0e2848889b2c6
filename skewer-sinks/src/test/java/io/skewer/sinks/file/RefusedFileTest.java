package io.skewer.sinks.file;

import static org.assertj.core.api.Assertions.assertThat;

import io.skewer.core.config.FileDestination;
import io.skewer.core.encode.Encoders;
import io.skewer.core.measure.Measures;
import io.skewer.sinks.Batches;
import io.skewer.sinks.Failure;
import io.skewer.sinks.HeldWeight;
import io.skewer.sinks.Settled;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A file that may not be written holds up no other one. */
@Timeout(60)
class RefusedFileTest {
    private static final int BUFFER_BYTES = 4096;

    @TempDir
    Path directory;

    private final Settled settled = new Settled();
    private final Batches batches = new Batches();
    private final Set<String> refused = ConcurrentHashMap.newKeySet();
    private FileSink sink;

    @BeforeEach
    void start() throws Exception {
        FileDestination settings = new FileDestination(
                directory + "/{{.AppName}}",
                "file",
                false,
                Duration.ofMillis(10),
                BUFFER_BYTES,
                Duration.ofMinutes(1),
                8,
                false,
                5);
        sink = new FileSink(
                settings,
                new OpenFiles.Opening(this::open, Duration.ofMillis(5)),
                Encoders.ofLines("file", false),
                settled,
                new Measures());
    }

    private LogFile open(Path base, Path path, boolean isGzip) throws IOException {
        if (refused.contains(path.getFileName().toString())) {
            throw new AccessDeniedException(path.toString());
        }
        return LogFile.open(base, path, isGzip);
    }

    @AfterEach
    void stop() {
        sink.close();
    }

    /** Comes back when the sink wants it, as its owner does. */
    private void comeBackUntil(BooleanSupplier holds) throws InterruptedException {
        long nextNs = sink.idle();
        while (!holds.getAsBoolean()) {
            TimeUnit.NANOSECONDS.sleep(nextNs);
            nextNs = sink.idle();
        }
    }

    private void flushUntilSettled(int records) throws InterruptedException {
        comeBackUntil(() -> settled.count() >= records);
    }

    @Test
    void othersGoOnAndItsLinesComeInOrderWhenItMayBeWritten() throws Exception {
        refused.add("bad");
        sink.send(batches.add("bad", "one")
                .add("good", "one")
                .add("bad", "two")
                .add("good", "two")
                .take());
        sink.idle();
        assertThat(Files.readAllLines(directory.resolve("good"))).hasSize(2);
        assertThat(settled.failures(0)).isEmpty();
        refused.clear();
        flushUntilSettled(4);
        assertThat(settled.failures(0)).isEmpty();
        assertThat(Files.readAllLines(directory.resolve("bad")))
                .satisfiesExactly(
                        line -> assertThat(line).endsWith("one"),
                        line -> assertThat(line).endsWith("two"));
    }

    @Test
    void itsLinesFailAfterABoundedNumberOfTries() throws Exception {
        refused.add("bad");
        sink.send(batches.add("bad", "one").add("good", "one").take());
        flushUntilSettled(1);
        comeBackUntil(() -> !settled.failures(0).isEmpty());
        Failure failure = Objects.requireNonNull(settled.failures(0).get(0));
        assertThat(failure.reason()).isEqualTo(Failure.Reason.NOT_AUTHORIZED);
        assertThat(failure.attempts()).isEqualTo(8);
        assertThat(failure.text()).doesNotContain("bad");
    }

    @Test
    void moreLinesThanItsBufferHoldsFailAtOnceAndNobodyWaits() throws Exception {
        refused.add("bad");
        for (int i = 0; i < 100; i++) {
            batches.add("bad", "x".repeat(200)).add("good", "one");
        }
        sink.send(batches.take());
        sink.idle();
        assertThat(Files.readAllLines(directory.resolve("good"))).hasSize(100);
        assertThat(settled.failures(0)).hasSizeGreaterThan(100 - BUFFER_BYTES / 200 - 1);
    }

    @Test
    void whatWaitsKeepsNoMoreThanAQuarterOfTheBatchesOpen() throws Exception {
        refused.add("bad");
        String text = "x".repeat(300_000);
        int sent = 20;
        for (int i = 0; i < sent; i++) {
            sink.send(batches.add("bad", "one").add("good", text).take());
        }
        sink.idle();
        assertThat(settled.count())
                .as("batches that are over although one of their lines was not written")
                .isGreaterThanOrEqualTo((int) (HeldWeight.MAX_BYTES / 300_000));
    }

    @Test
    void nothingFailsWhenNoFileMayBeMadeAnyMoreThoughOneIsOpen() throws Exception {
        sink.send(batches.add("good", "one").take());
        flushUntilSettled(1);
        refused.add("bad");
        Files.delete(directory.resolve("good"));
        Files.delete(directory);
        sink.send(batches.add("bad", "one").take());
        int[] times = {0};
        comeBackUntil(() -> ++times[0] > 20);
        assertThat(settled.failures(1)).isEmpty();
        refused.clear();
        flushUntilSettled(2);
        assertThat(directory.resolve("bad")).exists();
    }

    @Test
    void nothingFailsWhenNoFileAtAllMayBeWritten() throws Exception {
        refused.add("bad");
        refused.add("good");
        Files.delete(directory);
        sink.send(batches.add("bad", "one").add("good", "one").take());
        int[] times = {0};
        comeBackUntil(() -> ++times[0] > 20);
        assertThat(settled.failures(0)).isEmpty();
        refused.clear();
        flushUntilSettled(2);
        assertThat(directory.resolve("bad")).exists();
    }
}
