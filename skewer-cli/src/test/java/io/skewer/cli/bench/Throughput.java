package io.skewer.cli.bench;

import io.skewer.cli.loadgen.AnswerTimes;
import io.skewer.cli.loadgen.Load;
import java.io.IOException;
import java.util.Map;
import java.util.OptionalLong;

/** Warms the server up, then measures from the first message sent to the last one at the destination. */
final class Throughput {
    private Throughput() {}

    static Measurement measure(Session session) throws IOException, InterruptedException {
        ProcessTree tree = session.tree();
        double idleMiB = ProcessTree.sum(tree.pssMiB());
        Load warmUp = session.row().warmUp(session.place(), session.unit());
        session.send(warmUp);
        long before = session.arrivals().count();
        OptionalLong countedBefore = session.running().countedAsLost();
        Map<String, Double> cpuBefore = tree.cpuSeconds();
        Load load = session.row().load(session.place(), session.row().messages(session.unit()));
        Session.Transfer transfer = session.send(load);
        Map<String, Double> cpu = tree.cpuSecondsSince(cpuBefore);
        long arrived = session.arrivals().count() - before;
        double busyMiB = ProcessTree.sum(tree.pssMiB());
        OptionalLong countedAfter = session.running().countedAsLost();
        // What a server holds in a buffer until it stops is not lost.
        session.running().close();
        long inAll = session.arrivals().count();
        // At a rate, what a cold server lost while it was warmed up does not count.
        double sent = load.perSecond() > 0
                ? load.messages()
                : warmUp.messages() + load.messages() + session.startup().messages();
        double lost = load.perSecond() > 0 ? Math.max(0, sent - (inAll - before)) : sent - inAll;
        Measurement measurement = session.measurement()
                .with(Column.RATE, arrived / Session.seconds(transfer.took()))
                .with(Column.LOST, 100 * lost / sent)
                .withCpu(Column.CPU, cpu, arrived)
                .with(Column.IDLE_PSS, idleMiB)
                .with(Column.BUSY_PSS, busyMiB);
        AnswerTimes answers = transfer.sent().answers();
        if (answers.count() > 0) {
            measurement
                    .with(Column.P50_MS, answers.within(0.5).toNanos() / 1e6)
                    .with(Column.P99_MS, answers.within(0.99).toNanos() / 1e6);
        }
        if (load.perSecond() > 0) {
            measurement.with(Column.OFFERED, transfer.sent().rate());
            countedAfter.ifPresent(
                    after -> measurement.with(Column.COUNTED, 100 * (after - countedBefore.orElse(0)) / sent));
        }
        return measurement;
    }
}
