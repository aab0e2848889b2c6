package io.skewer.cli.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** R14 to R19: rarer ways of a disk to fail under the load of the real daemon. */
class DiskFaults {
    private static final int MESSAGES_PER_SECOND = 3_000;
    private static final String SMALL = "[store]\nsegment_size = \"1MiB\"\nmin_free = \"1MiB\"\n";

    @TempDir
    Path directory;

    private DaemonSetup setup() {
        return new DaemonSetup(directory)
                .fileDestination("flush_period = \"100ms\"")
                .sections(SMALL);
    }

    private static RelpTraffic traffic(TestDaemon daemon) {
        return RelpTraffic.start(daemon.relpPort, "sender", MESSAGES_PER_SECOND);
    }

    @Test
    void r14WithoutInodesNothingIsAcknowledgedUntilThereAreSomeAgain() throws Exception {
        try (StoreVolume _ = StoreVolume.inMemory(directory.resolve("daemon/store"), "size=64m,nr_inodes=12");
                TestDaemon daemon = setup().start();
                RelpTraffic traffic = RelpTraffic.start(daemon.relpPort, "sender")) {
            traffic.await(daemon, 1_000);
            ProcessHandle forwarder = daemon.children().get("skewer-forward-file");
            TestDaemon.signal(forwarder, "STOP");
            daemon.await("a full store", () -> daemon.metric("skewer_store_full") == 1);
            assertThat(daemon.metric("skewer_store_bytes"))
                    .as("there is space, but no inode")
                    .isLessThan(32 << 20);
            daemon.awaitStandstill("acknowledgements", 100, traffic::acknowledged);
            TestDaemon.signal(forwarder, "CONT");
            traffic.finish(daemon);
            assertThat(daemon.metric("skewer_store_full")).isZero();
            assertThat(daemon.metric("skewer_process_restarts_total")).isZero();
        }
    }

    @Test
    void r15ShortWritesMakeTheSameFiles() throws Exception {
        FaultyLibrary library = FaultyLibrary.install(directory);
        library.writeShort();
        try (TestDaemon daemon = setup().on(library).start();
                RelpTraffic traffic = traffic(daemon)) {
            assertThat(FaultyLibrary.isLoadedIn(daemon.children().get("skewer-store")))
                    .isTrue();
            traffic.await(daemon, 20_000);
            daemon.killAndAwaitSuccessor("skewer-store");
            traffic.finish(daemon);
            assertThat(daemon.metric("skewer_store_write_failures_total")).isZero();
            daemon.stop();
            assertThat(Files.exists(daemon.store().resolve("quarantine"))).isFalse();
        }
    }

    @Test
    void r16SyncsThatTakeFiveSecondsSlowSendersDownAndNothingElse() throws Exception {
        try (TestDaemon daemon = setup().without(Strace.UNTRACEABLE_WITH).start();
                RelpTraffic traffic = RelpTraffic.start(daemon.relpPort, "sender")) {
            traffic.await(daemon, 1_000);
            ProcessHandle store = daemon.children().get("skewer-store");
            long memoryMiB = TestDaemon.peakMemoryMiB(store);
            try (Strace strace = Strace.attach(daemon, store, "fdatasync:delay_enter=5s")) {
                daemon.await("four slow syncs", () -> strace.injected() >= 4);
                // One window for each sync.
                traffic.await(daemon, RelpTraffic.WINDOW);
            }
            daemon.await(
                    "the histogram to show slow syncs",
                    () -> daemon.metric("skewer_store_sync_seconds_count")
                            > daemon.metric("skewer_store_sync_seconds_bucket", "le=\"1\""));
            assertThat(TestDaemon.peakMemoryMiB(store)).isLessThan(memoryMiB + 64);
            traffic.finish(daemon);
            assertThat(daemon.metric("skewer_process_restarts_total")).isZero();
            assertThat(daemon.log()).doesNotContain("link.renewed");
        }
    }

    @Test
    void r17AnUnreadablePlaceInASealedSegmentCostsItsBatchAndIsCounted() throws Exception {
        // So much that a segment in the middle is neither in the memory of the store nor on its way to the forwarder.
        int count = 120_000;
        Random random = new Random(3);
        byte[] noise = new byte[120];
        try (TestDaemon daemon = setup().without(Strace.UNTRACEABLE_WITH).start()) {
            ProcessHandle forwarder = daemon.children().get("skewer-forward-file");
            TestDaemon.signal(forwarder, "STOP");
            try (RelpClient client = new RelpClient(daemon.relpPort)) {
                for (int number = 0; number < count; number++) {
                    random.nextBytes(noise);
                    client.syslog(
                            TcpSender.message("sender", number) + HexFormat.of().formatHex(noise));
                    client.awaitAnswers(RelpTraffic.WINDOW);
                }
                client.awaitAnswers(0);
            }
            List<Path> all = sealedSegments(daemon);
            Path sealed = all.get(all.size() / 2);
            ProcessHandle store = daemon.children().get("skewer-store");
            // The second read of the reader's thread in that file, and the one of only the batch that it tries then.
            try (Strace strace = Strace.attachAt(daemon, store, List.of(sealed), "read:error=EIO:when=4..5")) {
                TestDaemon.signal(forwarder, "CONT");
                daemon.await("an empty queue", () -> daemon.metric("skewer_queue_messages") == 0);
                assertThat(strace.injected()).isEqualTo(2);
            }
            double lost = daemon.metric("skewer_lost_messages_total");
            assertThat(lost).isBetween(1.0, count / 10.0);
            daemon.await("all others", () -> daemon.read().distinct() == count - lost);
            assertThat(daemon.metric("skewer_store_damages_total")).isEqualTo(1);
            assertThat(daemon.read().faults(count, "sender")).noneMatch(fault -> fault.contains("out of order"));
            assertThat(daemon.metric("skewer_process_restarts_total")).isZero();
        }
    }

    private static List<Path> sealedSegments(TestDaemon daemon) throws IOException {
        try (Stream<Path> files = Files.list(daemon.store())) {
            return files.filter(file -> file.toString().endsWith(".seg"))
                    .sorted()
                    .toList();
        }
    }

    @Test
    void r18AFileSystemThatTurnsReadOnlyStopsTheAcknowledgementsAndLosesNothing() throws Exception {
        try (StoreVolume volume =
                        StoreVolume.inFile(directory.resolve("daemon/store"), directory.resolve("image"), 64);
                TestDaemon daemon = setup().start();
                RelpTraffic traffic = traffic(daemon)) {
            traffic.await(daemon, 10_000);
            volume.breakDown();
            daemon.await("the store to notice", () -> daemon.log().contains("Read-only file system"));
            daemon.awaitStandstill("acknowledgements", 100, traffic::acknowledged);
            daemon.stop();
            volume.repair();
            daemon.restart();
            traffic.finish(daemon);
        }
    }

    @Test
    void r19ARenameThatFailsOnceCostsNothing() throws Exception {
        try (TestDaemon daemon = setup().without(Strace.UNTRACEABLE_WITH).start();
                RelpTraffic traffic = traffic(daemon)) {
            traffic.await(daemon, 1_000);
            ProcessHandle store = daemon.children().get("skewer-store");
            long failures;
            try (Strace strace = Strace.attach(daemon, store, "/^rename:error=EACCES:when=1")) {
                daemon.await("the failure", () -> strace.injected() > 0);
                traffic.await(daemon, 2_000);
                failures = strace.injected();
            }
            assertThat(store.isAlive()).as("the store goes on").isTrue();
            // Two threads name segments: one makes them, another closes them. Each fails once when it has something to
            // name.
            assertThat(daemon.metric("skewer_store_write_failures_total")).isBetween(1.0, (double) failures);
            traffic.finish(daemon);
        }
    }

    @Test
    void r19SegmentsThatCannotBeDeletedAreCountedAndGoWhenTheyCan() throws Exception {
        try (TestDaemon daemon = setup().without(Strace.UNTRACEABLE_WITH).start();
                RelpTraffic traffic = traffic(daemon)) {
            traffic.await(daemon, 1_000);
            ProcessHandle store = daemon.children().get("skewer-store");
            try (Strace strace = Strace.attach(daemon, store, "/^unlink:error=EROFS")) {
                daemon.await("segments that stay", () -> daemon.metric("skewer_store_segments") > 3);
                assertThat(strace.injected()).isPositive();
                assertThat(daemon.metric("skewer_store_delete_failures_total")).isPositive();
            }
            assertThat(store.isAlive()).as("the store goes on").isTrue();
            traffic.finish(daemon);
            daemon.await("the files to go", () -> sealedSegments(daemon).size() <= 1);
        }
    }
}
