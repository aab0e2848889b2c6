package io.skewer.store;

import io.skewer.store.disk.Disk;
import io.skewer.store.order.OrderFiles;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Carries out orders as soon as they appear in the directory, on a thread of its own, which sleeps as long as there are none. */
final class OrderBox {
    private static final Logger LOG = LoggerFactory.getLogger(OrderBox.class);

    private final Disk disk;
    private final OrderFiles files;
    private final OrderFiles.Executor executor;
    private Disk.@Nullable Watch watch;
    private @Nullable Thread thread;

    OrderBox(Disk disk, OrderFiles.Executor executor) {
        this.disk = disk;
        this.files = new OrderFiles(disk);
        this.executor = executor;
    }

    /** Messages matter more than orders: a store that cannot hear orders works all the same. */
    void start() {
        try {
            Disk.Watch begun = disk.watch();
            watch = begun;
            thread = Thread.ofPlatform().name("skewer-orders").start(() -> run(begun));
        } catch (IOException cause) {
            LOG.atWarn()
                    .setMessage("store.orders_unheard")
                    .addKeyValue("to_mend", "sysctl -w fs.inotify.max_user_instances=1024, then restart")
                    .setCause(cause)
                    .log();
        }
    }

    private void run(Disk.Watch watch) {
        try {
            // First what was left before the watch began.
            do {
                try {
                    files.carryOut(executor);
                } catch (IOException cause) {
                    LOG.atWarn()
                            .setMessage("store.order_failed")
                            .setCause(cause)
                            .log();
                }
            } while (watch.await());
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    void close() throws IOException, InterruptedException {
        if (watch != null && thread != null) {
            watch.close();
            thread.join();
        }
    }
}
