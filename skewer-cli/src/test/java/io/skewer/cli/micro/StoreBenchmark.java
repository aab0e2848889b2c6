package io.skewer.cli.micro;

import io.skewer.core.measure.Measures;
import io.skewer.core.message.BatchBuilder;
import io.skewer.core.message.Field;
import io.skewer.store.Offer;
import io.skewer.store.Store;
import io.skewer.store.StoreLimits;
import io.skewer.store.StoreSettings;
import io.skewer.store.Subscription;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.Semaphore;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * A batch of 256 records of 256 bytes that do not compress, through an encrypted store: append, commit, offer, settle, delete, with as many on
 * their way as a listener may have.
 */
@State(Scope.Benchmark)
public class StoreBenchmark {
    private static final int RECORDS = 256;
    private static final int RECORD_BYTES = 256;
    private static final int IN_FLIGHT = 64;
    private static final String DESTINATION = "one";
    private static final long SEGMENT_BYTES = 64L << 20;

    /** Whether a batch is kept only when the disk has it. */
    @Param({"false", "true"})
    public boolean fsync;

    private final byte[] batch = batch();

    /** A store at work. */
    private record Opened(Path directory, Store store, Semaphore credit, Thread settler) {}

    private @Nullable Opened opened;

    /** A new store, and who empties it. */
    @Setup
    public void open() throws IOException {
        Path directory = Files.createTempDirectory("skewer-micro");
        StoreSettings settings = new StoreSettings(
                fsync,
                new StoreSettings.Secrets(new byte[32], List.of()),
                SEGMENT_BYTES,
                StoreLimits.NONE,
                false,
                List.of(DESTINATION),
                List.of("refused"));
        Store store = Store.open(
                directory,
                settings,
                new Measures(),
                cause -> Runtime.getRuntime().halt(1));
        Subscription subscription = store.subscribe(DESTINATION);
        Thread settler = Thread.ofPlatform().start(() -> settleAll(subscription));
        opened = new Opened(directory, store, new Semaphore(IN_FLIGHT), settler);
    }

    /** Nothing of it stays. */
    @TearDown
    public void close() throws IOException, InterruptedException {
        Opened one = opened();
        one.store().close();
        one.settler().join();
        try (Stream<Path> files = Files.walk(one.directory())) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    /** One batch. */
    @Benchmark
    public void append() throws InterruptedException {
        Opened one = opened();
        one.credit().acquire();
        one.store().append(batch, "test", one.credit()::release);
    }

    private Opened opened() {
        return Objects.requireNonNull(opened);
    }

    private static byte[] batch() {
        Random random = new Random(1);
        BatchBuilder builder = Samples.builder();
        byte[] text = new byte[RECORD_BYTES - 100];
        for (int i = 0; i < RECORDS; i++) {
            random.nextBytes(text);
            builder.begin(Samples.ORIGIN, Samples.RECEIVED_NS).put(Field.MESSAGE, text, 0, text.length);
            builder.end();
        }
        return builder.seal().bytes();
    }

    private static void settleAll(Subscription subscription) {
        try {
            for (Offer offer = subscription.next(); offer != null; offer = subscription.next()) {
                subscription.settle(offer.number(), 0, RECORDS);
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }
}
