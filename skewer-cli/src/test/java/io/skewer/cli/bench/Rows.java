package io.skewer.cli.bench;

import java.util.List;

/** All rows. */
final class Rows {
    private static final boolean FILE = false;
    private static final boolean KAFKA = true;

    static final List<Row> ALL = List.of(
            Row.tcp(Group.THROUGHPUT, "tcp-file", FILE, 1),
            Row.tcp(Group.THROUGHPUT, "tcp-kafka", KAFKA, 0.5),
            Row.relp(Group.THROUGHPUT, "relp-file", FILE, 0.3),
            Row.relp(Group.THROUGHPUT, "relp-kafka", KAFKA, 0.2),
            Row.tcp(Group.FSYNC, "tcp-file-fsync", FILE, 1).synced(),
            Row.tcp(Group.FSYNC, "tcp-kafka-fsync", KAFKA, 0.5).synced(),
            Row.relp(Group.FSYNC, "relp-file-fsync", FILE, 0.1).synced(),
            Row.relp(Group.FSYNC, "relp-kafka-fsync", KAFKA, 0.1).synced(),
            Row.tcp(Group.OUTAGE, "tcp-outage-kafka", KAFKA, 0.5),
            Row.udp(Group.UDP, 25_000),
            Row.udp(Group.UDP, 100_000),
            Row.udp(Group.UDP, 200_000),
            Row.udp(Group.UDP, 300_000),
            Row.tcp(Group.CONNECTIONS, "tcp-file-1", FILE, 0.75).over(1),
            Row.tcp(Group.CONNECTIONS, "tcp-file-10", FILE, 0.75).over(10),
            Row.tcp(Group.CONNECTIONS, "tcp-file-1000", FILE, 0.75).over(1000),
            Row.tcp(Group.CONNECTIONS, "tcp-file-10000", FILE, 0.75).over(10_000),
            Row.tcp(Group.SIZES, "tcp-file-256b", FILE, 0.75),
            Row.tcp(Group.SIZES, "tcp-file-1kib", FILE, 0.4).of(1024),
            Row.tcp(Group.SIZES, "tcp-file-8kib", FILE, 0.06).of(8192),
            Row.tcp(Group.TRICKLE, "trickle-kafka", KAFKA, 0),
            Row.tcp(Group.IDLE, "idle", FILE, 0),
            Row.tcp(Group.BACKLOG, "backlog", KAFKA, 0));

    private Rows() {}
}
