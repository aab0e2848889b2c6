package io.skewer.cli.bench;

import io.skewer.cli.loadgen.Loadgen;
import io.skewer.cli.quickstart.KafkaBroker;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Fills the store gigabyte by gigabyte of messages while Kafka is away, then lets it go, and says for each gigabyte what a message cost.
 * {@code -Dbench.backlogGB=10} says how far.
 *
 * <p>The row "10 GB" is what it cost to keep the tenth gigabyte, and to drain one while ten were left: it is kept last and drained
 * first. A broker that has just come back, and the forwarder that talks to it again, are compiled on the cores of the measurement, which
 * would make the largest backlog look dear. So a few more gigabytes are kept than are measured, and go first.
 */
final class Backlog {
    private static final long SLICE_BYTES = 1_000_000_000;
    /** What goes before the first row; from the fifth gigabyte on the cost of the forwarder falls no more. */
    private static final int WARM_UP_SLICES = 4;

    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private Backlog() {}

    static List<Measurement> measure(Session session) throws IOException, InterruptedException {
        KafkaBroker broker = session.broker().orElseThrow();
        ProcessTree tree = session.tree();
        int slices = Integer.getInteger("bench.backlogGB", 10);
        long slice = SLICE_BYTES / session.row().bytes();
        session.send(session.row().load(session.place(), slice / 4));
        long before = session.arrivals().count();
        broker.kill();
        List<Measurement> all = new ArrayList<>();
        for (int i = 1; i <= slices; i++) {
            Map<String, Double> cpu = tree.cpuSeconds();
            double rate =
                    Loadgen.run(session.row().load(session.place(), slice)).rate();
            all.add(session.measurement()
                    .marked(i + " GB")
                    .with(Column.KEPT_RATE, rate)
                    .withCpu(Column.KEPT_CPU, tree.cpuSecondsSince(cpu), slice)
                    .with(Column.BUSY_PSS, ProcessTree.sum(tree.pssMiB())));
        }
        Loadgen.run(session.row().load(session.place(), WARM_UP_SLICES * slice));
        broker.start();
        session.drain(before + WARM_UP_SLICES * slice, PATIENCE);
        long done = session.arrivals().count();
        for (int i = slices; i > 0; i--) {
            Map<String, Double> cpu = tree.cpuSeconds();
            // A client that has come back has fetched more than it was waited for.
            long wanted = before + (WARM_UP_SLICES + slices - i + 1) * slice;
            Duration took = session.drain(wanted, PATIENCE);
            long now = session.arrivals().count();
            all.get(i - 1)
                    .with(Column.DRAIN_RATE, (now - done) / Session.seconds(took))
                    .withCpu(Column.DRAIN_CPU, tree.cpuSecondsSince(cpu), now - done);
            done = now;
        }
        long kept = (WARM_UP_SLICES + slices) * slice;
        all.get(slices - 1).with(Column.LOST, 100.0 * (before + kept - done) / kept);
        return all;
    }
}
