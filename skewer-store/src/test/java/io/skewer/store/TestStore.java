package io.skewer.store;

import io.skewer.core.measure.Measures;
import io.skewer.core.measure.Sample;
import io.skewer.core.message.BatchBuilder;
import io.skewer.core.message.BatchReader;
import io.skewer.core.message.Field;
import io.skewer.core.message.MessageId;
import io.skewer.core.message.Origin;
import io.skewer.core.message.RecordWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** A store on some disk with what tests ask of it. */
final class TestStore {
    static final byte[] SECRET = "0123456789abcdef0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
    static final byte[] NO_SECRET = {};
    private static final byte[] ORIGIN = new Origin("tcp", "192.0.2.1", 1514, "").toBytes();

    final Measures measures = new Measures();
    final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    final Store store;

    private TestStore(SimulatedDisk disk, StoreSettings settings, long seed) throws IOException {
        Random random = new Random(seed);
        store = Store.open(new Surroundings(disk, random, () -> 1_700_000_000_000L), settings, measures, failure::set);
    }

    static TestStore open(SimulatedDisk disk, StoreSettings settings) throws IOException {
        return open(disk, settings, 7);
    }

    /** @param seed decides about salts and the name of a new store */
    static TestStore open(SimulatedDisk disk, StoreSettings settings, long seed) throws IOException {
        return new TestStore(disk, settings, seed);
    }

    static StoreSettings settings(byte[] secret, boolean fsync, long segmentBytes, String... destinations) {
        return settings(
                new StoreSettings.Secrets(secret, List.of()), fsync, segmentBytes, StoreLimits.NONE, destinations);
    }

    static StoreSettings settings(
            StoreSettings.Secrets secrets,
            boolean fsync,
            long segmentBytes,
            StoreLimits limits,
            String... destinations) {
        return new StoreSettings(
                fsync, secrets, segmentBytes, limits, false, List.of(destinations), List.of("too_large", "refused"));
    }

    /** The same, for a store that refuses damage. */
    static StoreSettings strict(StoreSettings settings) {
        return new StoreSettings(
                settings.fsync(),
                settings.secrets(),
                settings.segmentBytes(),
                settings.limits(),
                true,
                settings.destinations(),
                settings.failureReasons());
    }

    /** A batch with one record per text. */
    static byte[] batch(String... texts) {
        BatchBuilder builder = new BatchBuilder(new MessageId(() -> 1_000));
        for (String text : texts) {
            RecordWriter record = builder.begin(ORIGIN, 42);
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            record.put(Field.MESSAGE, bytes, 0, bytes.length);
            builder.end();
        }
        return builder.seal().bytes();
    }

    /** The texts of a batch. */
    static List<String> texts(byte[] batch) {
        BatchReader reader = new BatchReader();
        reader.open(batch, 0, batch.length);
        List<String> texts = new ArrayList<>();
        while (reader.next()) {
            texts.add(reader.record().text(Field.MESSAGE));
        }
        return texts;
    }

    /** Appends and waits until it is kept. */
    void keep(byte[] batch) throws InterruptedException {
        CompletableFuture<Boolean> kept = new CompletableFuture<>();
        store.append(batch, "test", () -> kept.complete(true));
        try {
            kept.get(20, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException cause) {
            throw new AssertionError("not kept; " + failure.get(), cause);
        }
    }

    /** Everything that is offered now, settled or not. */
    static List<String> drain(Subscription subscription, boolean settle) throws InterruptedException {
        List<String> all = new ArrayList<>();
        for (Offer offer = subscription.poll(); offer != null; offer = subscription.poll()) {
            List<String> texts = texts(offer.batch());
            all.addAll(texts.subList(offer.firstRecord(), texts.size()));
            if (settle) {
                subscription.settle(offer.number(), offer.firstRecord(), texts.size());
            }
        }
        return all;
    }

    double measure(String name, String... labels) {
        return measures.snapshot().stream()
                .filter(sample -> sample.name().equals(name))
                .filter(sample -> List.of(labels).stream()
                        .allMatch(label -> sample.labels().containsValue(label)))
                .mapToDouble(Sample::value)
                .sum();
    }
}
