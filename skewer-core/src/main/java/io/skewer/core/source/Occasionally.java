package io.skewer.core.source;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;

/**
 * Says something that may happen very often, because somebody outside decides how often, at most once in a while, together with how
 * often it happened since. Safe for use by several threads.
 */
public final class Occasionally {
    private static final long PAUSE_NS = Duration.ofSeconds(10).toNanos();

    private final AtomicLong lastNs = new AtomicLong(System.nanoTime() - PAUSE_NS);
    private final AtomicLong times = new AtomicLong();

    /** @param line gets how often it happened since it was called last, at least 1 */
    public void say(LongConsumer line) {
        times.incrementAndGet();
        long last = lastNs.get();
        long now = System.nanoTime();
        if (now - last >= PAUSE_NS && lastNs.compareAndSet(last, now)) {
            line.accept(times.getAndSet(0));
        }
    }
}
