package io.skewer.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;

/** Waits for what other threads do. */
final class Waiting {
    private static final long PATIENCE_S = 20;

    private Waiting() {}

    /** A condition that may fail to be asked. */
    interface Condition {
        boolean holds() throws Exception;
    }

    static void until(String what, Condition condition) throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_S);
        while (!condition.holds()) {
            assertThat(System.nanoTime()).as("waiting for %s", what).isLessThan(end);
            TimeUnit.MILLISECONDS.sleep(2);
        }
    }
}
