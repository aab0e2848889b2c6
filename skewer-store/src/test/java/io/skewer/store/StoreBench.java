package io.skewer.store;

import io.skewer.core.measure.Measures;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Append and settle, as fast as it goes: batches of 64 KiB that hold 256 records of 256 bytes, not compressible.
 * Arguments: directory, fsync (true or false), seconds.
 */
public final class StoreBench {
    private static final int RECORDS = 256;
    private static final int IN_FLIGHT = 64;

    private StoreBench() {}

    public static void main(String[] args) throws Exception {
        Path directory = Path.of(args[0]);
        boolean fsync = Boolean.parseBoolean(args[1]);
        long seconds = Long.parseLong(args[2]);
        String[] texts = new String[RECORDS];
        Random random = new Random(1);
        for (int i = 0; i < RECORDS; i++) {
            StringBuilder text = new StringBuilder();
            while (text.length() < 150) {
                text.append((char) (' ' + random.nextInt(95)));
            }
            texts[i] = text.toString();
        }
        byte[] batch = TestStore.batch(texts);
        Measures measures = new Measures();
        Store store = Store.open(
                directory,
                TestStore.settings(TestStore.SECRET, fsync, 64L << 20, "one"),
                measures,
                cause -> Runtime.getRuntime().halt(1));
        Subscription subscription = store.subscribe("one");
        Thread consumer = Thread.ofPlatform().start(() -> settleAll(subscription));
        Semaphore credit = new Semaphore(IN_FLIGHT);
        long rate = 0;
        for (int round = 0; round < 2; round++) {
            long start = System.nanoTime();
            long cpu = cpuNs();
            long batches = 0;
            while (System.nanoTime() - start < TimeUnit.SECONDS.toNanos(seconds)) {
                credit.acquire();
                store.append(batch, credit::release);
                batches++;
            }
            double took = (System.nanoTime() - start) / 1e9;
            rate = Math.round(batches * RECORDS / took);
            System.out.printf(
                    "fsync=%s batch=%d bytes: %,d records/s, %.0f MB/s, %.2f CPU s per million records%n",
                    fsync,
                    batch.length,
                    rate,
                    batches * (double) batch.length / took / 1e6,
                    (cpuNs() - cpu) / 1e9 / (batches * RECORDS / 1e6));
        }
        store.close();
        consumer.join();
        try (Stream<Path> left = Files.walk(directory)) {
            System.out.println(
                    "files left: " + left.filter(Files::isRegularFile).count());
        }
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

    private static long cpuNs() {
        return ProcessHandle.current().info().totalCpuDuration().orElseThrow().toNanos();
    }
}
