package io.skewer.cli.command;

import io.skewer.store.Store;
import io.skewer.store.tool.ExportFile;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Appends the messages of an exported file to a store that blocks when it is full. Nobody empties it meanwhile, so want of room is the end:
 * whatever the policy of the daemon is, an import neither waits for ever nor drops anything.
 */
final class StoreImport {
    /** Batches on their way into the store. */
    private static final int IN_FLIGHT_MAX = 32;

    private static final long LOOK_MS = 50;

    private final Store store;
    private final AtomicBoolean failed;
    private final Semaphore room = new Semaphore(IN_FLIGHT_MAX);
    private final AtomicLong kept = new AtomicLong();

    /** @param failed set by the store when its disk fails for good */
    StoreImport(Store store, AtomicBoolean failed) {
        this.store = store;
        this.failed = failed;
    }

    /**
     * Reads to the end of the file, and returns when all is kept.
     *
     * @return how many messages
     * @throws IOException when the file is not whole or the store is full or fails; the messages before that are kept
     */
    long run(InputStream file) throws IOException, InterruptedException {
        ExportFile.read(file, (batch, count) -> {
            await(1);
            store.append(batch, "import", () -> {
                kept.addAndGet(count);
                room.release();
            });
        });
        await(IN_FLIGHT_MAX);
        return kept.get();
    }

    private void await(int permits) throws IOException, InterruptedException {
        while (!room.tryAcquire(permits, LOOK_MS, TimeUnit.MILLISECONDS)) {
            if (store.isFull()) {
                throw new IOException(
                        "the store is full: the first " + kept
                                + " messages of the file are imported, the others are not;"
                                + " make room (store.max_size, store.min_free), or import into an empty store: --store names another directory");
            }
            if (failed.get()) {
                throw new IOException(
                        "the store failed: only the first " + kept + " messages of the file are imported");
            }
        }
    }
}
