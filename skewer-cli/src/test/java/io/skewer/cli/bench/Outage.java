package io.skewer.cli.bench;

import io.skewer.cli.loadgen.Load;
import io.skewer.cli.loadgen.Loadgen;
import io.skewer.cli.quickstart.KafkaBroker;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;

/**
 * Kafka goes, messages come and have to be kept, Kafka comes back and gets them. A server has kept all when it has nothing more to do; that
 * it is not at the destination shows whether it did. The peers get fewer messages, so that they take about as long.
 */
final class Outage {
    private static final double PEERS_SHARE = 0.25;
    private static final long SAMPLE_MS = 50;
    private static final Duration QUIET_FOR = Duration.ofMillis(500);
    /** Of one core; while Kafka is away clients knock at its door. */
    private static final double QUIET_CPU = 0.15;

    private static final Duration QUIET_WITHIN = Duration.ofMinutes(3);

    private Outage() {}

    static Measurement measure(Session session) throws IOException, InterruptedException {
        KafkaBroker broker = session.broker().orElseThrow();
        double share = session.contender() == Contender.SKEWER ? 1 : PEERS_SHARE;
        long messages = Math.round(session.row().messages(session.unit()) * share);
        session.send(session.row().load(session.place(), messages / 2));
        ProcessTree tree = session.tree();
        final long before = session.arrivals().count();
        broker.kill();
        Load load = session.row().load(session.place(), messages);
        Map<String, Double> cpuBefore = tree.cpuSeconds();
        long startNs = System.nanoTime();
        Loadgen.run(load);
        final Duration kept = Duration.ofNanos(awaitQuiet(tree) - startNs);
        final Map<String, Double> keepingCpu = tree.cpuSecondsSince(cpuBefore);
        final Map<String, Double> cpuBetween = tree.cpuSeconds();
        broker.start();
        Duration drained = session.drain(before + messages, Duration.ofMinutes(1));
        long arrived = session.arrivals().count() - before;
        return session.measurement()
                .with(Column.KEPT_RATE, messages / Session.seconds(kept))
                .withCpu(Column.KEPT_CPU, keepingCpu, messages)
                .with(Column.DRAIN_RATE, arrived / Session.seconds(drained))
                .withCpu(Column.DRAIN_CPU, tree.cpuSecondsSince(cpuBetween), arrived)
                .with(Column.LOST, 100.0 * (messages - arrived) / messages)
                .with(Column.BUSY_PSS, ProcessTree.sum(tree.pssMiB()));
    }

    /** @return the {@link System#nanoTime} at which the processes stopped working */
    private static long awaitQuiet(ProcessTree tree) throws InterruptedException {
        long beginNs = System.nanoTime();
        long quietSinceNs = beginNs;
        double cpuThen = ProcessTree.sum(tree.cpuSeconds());
        while (System.nanoTime() - quietSinceNs < QUIET_FOR.toNanos()) {
            Thread.sleep(SAMPLE_MS);
            double cpu = ProcessTree.sum(tree.cpuSeconds());
            long now = System.nanoTime();
            if (cpu - cpuThen > QUIET_CPU * (now - quietSinceNs) / 1e9 + 0.01) {
                quietSinceNs = now;
                cpuThen = cpu;
            }
            if (now - beginNs > QUIET_WITHIN.toNanos()) {
                throw new IllegalStateException("still at work " + QUIET_WITHIN + " after the last message");
            }
        }
        return quietSinceNs;
    }
}
