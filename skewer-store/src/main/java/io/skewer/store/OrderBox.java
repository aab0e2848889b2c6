package io.skewer.store;

import io.skewer.store.order.OrderFiles;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks for orders twice a second, on a thread of its own. */
final class OrderBox {
    private static final Logger LOG = LoggerFactory.getLogger(OrderBox.class);
    private static final long LOOK_MS = 500;

    private final OrderFiles files;
    private final OrderFiles.Executor executor;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread thread = Thread.ofPlatform().name("skewer-orders").unstarted(this::run);

    OrderBox(OrderFiles files, OrderFiles.Executor executor) {
        this.files = files;
        this.executor = executor;
    }

    void start() {
        thread.start();
    }

    private void run() {
        try {
            while (!closing.await(LOOK_MS, TimeUnit.MILLISECONDS)) {
                try {
                    files.carryOut(executor);
                } catch (IOException cause) {
                    LOG.atWarn()
                            .setMessage("store.order_failed")
                            .setCause(cause)
                            .log();
                }
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    void close() throws InterruptedException {
        closing.countDown();
        thread.join();
    }
}
