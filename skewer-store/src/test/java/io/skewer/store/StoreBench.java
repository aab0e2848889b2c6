package io.skewer.store;

import io.skewer.core.measure.Measures;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * Append and settle: batches of 256 records of 256 bytes, not compressible, encrypted. Arguments: directory, fsync (true or false), seconds,
 * records per second (0: as fast as it goes). The second round counts; the first one warms up.
 */
public final class StoreBench {
    private static final int RECORDS = 256;
    /** What a paced sender puts into a batch: with more, there would be few batches to time. */
    private static final int PACED_RECORDS = 16;

    private static final int IN_FLIGHT = 64;
    private static final int TIMES_MAX = 1_000_000;

    private StoreBench() {}

    public static void main(String[] args) throws Exception {
        Path directory = Path.of(args[0]);
        boolean fsync = Boolean.parseBoolean(args[1]);
        long seconds = Long.parseLong(args[2]);
        long perSecond = args.length > 3 ? Long.parseLong(args[3]) : 0;
        int records = perSecond > 0 ? PACED_RECORDS : RECORDS;
        byte[] batch = TestStore.batch(texts(records));
        Store store = Store.open(
                directory,
                TestStore.settings(TestStore.SECRET, fsync, 64L << 20, "one"),
                new Measures(),
                cause -> Runtime.getRuntime().halt(1));
        Subscription subscription = store.subscribe("one");
        Thread consumer = Thread.ofPlatform().start(() -> settleAll(subscription, records));
        for (int round = 0; round < 2; round++) {
            round(store, batch, records, perSecond, seconds);
        }
        store.close();
        consumer.join();
        try (Stream<Path> left = Files.walk(directory)) {
            System.out.println(
                    "files left: " + left.filter(Files::isRegularFile).count());
        }
    }

    private static void round(Store store, byte[] batch, int records, long perSecond, long seconds) throws Exception {
        Semaphore credit = new Semaphore(IN_FLIGHT);
        long[] timesNs = new long[TIMES_MAX];
        AtomicInteger times = new AtomicInteger();
        long start = System.nanoTime();
        long cpu = cpuNs();
        long batches = 0;
        while (System.nanoTime() - start < TimeUnit.SECONDS.toNanos(seconds)) {
            if (perSecond > 0) {
                long due = start + batches * records * TimeUnit.SECONDS.toNanos(1) / perSecond;
                LockSupport.parkNanos(due - System.nanoTime());
            } else {
                credit.acquire();
            }
            long appended = System.nanoTime();
            store.append(batch, "test", () -> {
                int at = times.getAndIncrement();
                if (at < TIMES_MAX) {
                    timesNs[at] = System.nanoTime() - appended;
                }
                credit.release();
            });
            batches++;
        }
        double took = (System.nanoTime() - start) / 1e9;
        double cpuS = (cpuNs() - cpu) / 1e9;
        int count = Math.min(TIMES_MAX, times.get());
        long[] sorted = Arrays.copyOf(timesNs, count);
        Arrays.sort(sorted);
        System.out.printf(
                "batches of %d bytes: %,.0f records/s, %.0f MB/s, %.2f CPU s per million records, kept after p50 %.2f ms, p99 %.2f ms%n",
                batch.length,
                batches * records / took,
                batches * (double) batch.length / took / 1e6,
                cpuS / (batches * records / 1e6),
                sorted[count / 2] / 1e6,
                sorted[(int) (count * 0.99)] / 1e6);
    }

    private static String[] texts(int count) {
        Random random = new Random(1);
        String[] texts = new String[count];
        for (int i = 0; i < count; i++) {
            StringBuilder text = new StringBuilder();
            while (text.length() < 150) {
                text.append((char) (' ' + random.nextInt(95)));
            }
            texts[i] = text.toString();
        }
        return texts;
    }

    private static void settleAll(Subscription subscription, int records) {
        try {
            for (Offer offer = subscription.next(); offer != null; offer = subscription.next()) {
                subscription.settle(offer.number(), 0, records);
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    private static long cpuNs() {
        return ProcessHandle.current().info().totalCpuDuration().orElseThrow().toNanos();
    }
}
