package io.skewer.cli.bench;

import java.util.Map;

/** What a server that has started costs while nothing comes. {@code -Dbench.idleSeconds=30} says for how long. */
final class Idle {
    /** Starting leaves work behind: compilers, garbage. */
    private static final long SETTLE_MS = 5000;

    private Idle() {}

    static Measurement measure(Session session) throws InterruptedException {
        ProcessTree tree = session.tree();
        Thread.sleep(SETTLE_MS);
        Map<String, Double> before = tree.cpuSeconds();
        long startNs = System.nanoTime();
        Thread.sleep(Long.getLong("bench.idleSeconds", 30) * 1000);
        double cpu = ProcessTree.sum(tree.cpuSecondsSince(before));
        double seconds = (System.nanoTime() - startNs) / 1e9;
        Startup startup = session.startup();
        Measurement measurement = session.measurement()
                .with(Column.CPU_PERCENT, 100 * cpu / seconds)
                .with(Column.IDLE_PSS, ProcessTree.sum(tree.pssMiB()))
                .with(Column.CONNECTED, Session.seconds(startup.connected()))
                .with(Column.STARTED, Session.seconds(startup.started()));
        return session.contender().speaksRelp()
                ? measurement.with(Column.ANSWERED, Session.seconds(startup.answered()))
                : measurement;
    }
}
