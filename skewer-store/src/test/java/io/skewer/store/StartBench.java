package io.skewer.store;

import io.skewer.core.measure.Measures;
import java.nio.file.Path;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * How long a start takes with a backlog. Arguments: directory, GB of backlog, or 0 to open what is there. Run it twice, the second time with
 * 0; without an orderly end the open segment is scanned.
 */
public final class StartBench {
    private static final int IN_FLIGHT = 64;
    private static final int BATCH_BYTES = 256 * 1024;

    private StartBench() {}

    public static void main(String[] args) throws Exception {
        long bytes = (long) (Double.parseDouble(args[1]) * 1e9);
        Measures measures = new Measures();
        long start = System.nanoTime();
        Store store = Store.open(
                Path.of(args[0]),
                TestStore.settings(TestStore.SECRET, false, 64L << 20, "one"),
                measures,
                cause -> Runtime.getRuntime().halt(1));
        Offer first = store.subscribe("one").poll();
        System.out.printf(
                "opened and first batch read after %d ms, backlog %s, heap used %d MB%n",
                TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start),
                measures.snapshot().stream()
                        .filter(sample -> sample.name().equals("skewer_store_bytes"))
                        .map(sample -> "%.1f GB".formatted(sample.value() / 1e9))
                        .toList(),
                (Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory()) / 1_000_000);
        if (bytes == 0) {
            System.out.println(first == null ? "nothing to read" : "batch " + first.number());
            store.close();
            return;
        }
        java.util.Random random = new java.util.Random(1);
        String[] texts = new String[BATCH_BYTES / 600];
        for (int i = 0; i < texts.length; i++) {
            byte[] noise = new byte[300];
            random.nextBytes(noise);
            texts[i] = java.util.HexFormat.of().formatHex(noise);
        }
        byte[] batch = TestStore.batch(texts);
        Semaphore credit = new Semaphore(IN_FLIGHT);
        for (long done = 0; done < bytes; done += batch.length) {
            credit.acquire();
            store.append(batch, "test", credit::release);
        }
        credit.acquire(IN_FLIGHT);
        // As a killed process would: the open segment stays open.
        Runtime.getRuntime().halt(0);
    }
}
