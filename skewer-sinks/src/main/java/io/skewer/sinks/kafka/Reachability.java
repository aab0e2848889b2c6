package io.skewer.sinks.kafka;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says once that the brokers do not answer, and once that they do again. Safe for use by several threads. */
final class Reachability {
    private static final Logger LOG = LoggerFactory.getLogger(Reachability.class);
    private static final long SILENCE_NS = 5_000_000_000L;

    private final LongSupplier nanoClock;
    private final AtomicBoolean moved = new AtomicBoolean(true);
    private long lastMoveNs;
    private volatile boolean unreachable;

    Reachability(LongSupplier nanoClock) {
        this.nanoClock = nanoClock;
    }

    /** A broker acknowledged a message, or refused it; called for each, so it only leaves a mark. */
    void progress() {
        moved.lazySet(true);
        if (unreachable) {
            unreachable = false;
            LOG.atInfo().setMessage("kafka.reachable").log();
        }
    }

    /** Messages begin to wait for an answer now. */
    void begin() {
        moved.lazySet(true);
    }

    /** Messages are waiting for an answer. */
    void waiting(String reason) {
        synchronized (moved) {
            judge(reason);
        }
    }

    private void judge(String reason) {
        long now = nanoClock.getAsLong();
        if (moved.getAndSet(false)) {
            lastMoveNs = now;
        } else if (!unreachable && now - lastMoveNs > SILENCE_NS) {
            unreachable = true;
            LOG.atWarn()
                    .setMessage("kafka.unreachable")
                    .addKeyValue("reason", reason)
                    .log();
        }
    }

    /** Whether the brokers have been silent for some seconds although messages wait. */
    boolean isUnreachable() {
        return unreachable;
    }
}
