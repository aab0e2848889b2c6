package io.skewer.cli.supervise;

import java.time.Duration;
import java.util.function.LongSupplier;

/** How long to wait before a process that died is started again: longer each time, and short again after a good run. */
final class Backoff {
    private static final Duration FIRST = Duration.ofMillis(100);
    private static final Duration LONGEST = Duration.ofSeconds(10);
    private static final Duration GOOD_RUN = Duration.ofSeconds(60);

    /** So many deaths without a good run between them are a loop, which somebody has to look at. */
    private static final int LOOP = 5;

    private final LongSupplier nanoClock;
    private int deaths;
    private Duration next = FIRST;
    private long startedNs;

    Backoff(LongSupplier nanoClock) {
        this.nanoClock = nanoClock;
        startedNs = nanoClock.getAsLong();
    }

    void started() {
        startedNs = nanoClock.getAsLong();
    }

    /** The process died: the pause before its next start. */
    Duration died() {
        if (nanoClock.getAsLong() - startedNs >= GOOD_RUN.toNanos()) {
            next = FIRST;
            deaths = 0;
        }
        deaths++;
        Duration pause = next;
        Duration doubled = pause.multipliedBy(2);
        next = doubled.compareTo(LONGEST) > 0 ? LONGEST : doubled;
        return pause;
    }

    /** Whether the last death is the one that makes it a loop; true once in each. */
    boolean beganLoop() {
        return deaths == LOOP;
    }
}
