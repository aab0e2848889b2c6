package io.skewer.cli.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.skewer.cli.quickstart.KafkaBroker;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The disk or the destination of the real daemon fails under load: senders wait, nothing acknowledged is lost, and it recovers alone. */
class StoreFaultsIT {
    private static final int MESSAGES_PER_SECOND = 5_000;
    private static final String SMALL = "[store]\nsegment_size = \"1MiB\"\nmin_free = \"2MiB\"\n";

    @TempDir
    Path directory;

    @Test
    void aFullDiskStopsTheAcknowledgementsUntilThereIsSpaceAgain() throws Exception {
        try (StoreVolume _ = StoreVolume.inMemory(directory.resolve("daemon/store"), "size=12m");
                TestDaemon daemon = new DaemonSetup(directory).sections(SMALL).start();
                RelpTraffic traffic = RelpTraffic.start(daemon.relpPort, "sender")) {
            ProcessHandle forwarder = daemon.children().get("skewer-forward-file");
            traffic.await(daemon, 1_000);
            TestDaemon.signal(forwarder, "STOP");
            daemon.await("a full store", () -> daemon.metric("skewer_store_full") == 1);
            daemon.awaitStandstill("acknowledgements", 100, traffic::acknowledged);
            assertThat(daemon.metric("skewer_store_full")).isEqualTo(1);
            TestDaemon.signal(forwarder, "CONT");
            traffic.finish(daemon);
            assertThat(daemon.metric("skewer_store_full")).isZero();
        }
    }

    @Test
    void aSyncThatFailsOnceCostsNothing() throws Exception {
        try (TestDaemon daemon = new DaemonSetup(directory)
                        .sections(SMALL)
                        .without(Strace.UNTRACEABLE_WITH)
                        .start();
                RelpTraffic traffic = RelpTraffic.start(daemon.relpPort, "sender", MESSAGES_PER_SECOND)) {
            traffic.await(daemon, 1_000);
            ProcessHandle store = daemon.children().get("skewer-store");
            try (Strace strace = Strace.attach(daemon, store, "fdatasync:error=EIO:when=20")) {
                daemon.await("the failure", () -> strace.injected() > 0);
                traffic.await(daemon, 3_000);
            }
            assertThat(store.isAlive()).as("the store goes on").isTrue();
            traffic.finish(daemon);
        }
    }

    @Test
    void aDiskThatFailsForGoodStopsTheStoreAndAcknowledgesNothingUntilItWorks() throws Exception {
        try (TestDaemon daemon = new DaemonSetup(directory)
                        .sections(SMALL)
                        .without(Strace.UNTRACEABLE_WITH)
                        .start();
                RelpTraffic traffic = RelpTraffic.start(daemon.relpPort, "sender", MESSAGES_PER_SECOND)) {
            traffic.await(daemon, 1_000);
            ProcessHandle store = daemon.children().get("skewer-store");
            try (Strace strace = Strace.attach(daemon, store, "fdatasync:error=EIO:when=20+")) {
                daemon.awaitSuccessor("skewer-store", store);
                assertThat(strace.injected()).isGreaterThanOrEqualTo(2);
            }
            traffic.finish(daemon);
            assertThat(daemon.log())
                    .containsSubsequence("store.failed", "process.died")
                    .containsOnlyOnce("event=store.failed");
        }
    }

    @Test
    void writesThatFindNoSpaceHoldTheSendersBack() throws Exception {
        try (TestDaemon daemon = new DaemonSetup(directory)
                        .sections(SMALL)
                        .without(Strace.UNTRACEABLE_WITH)
                        .start();
                RelpTraffic traffic = RelpTraffic.start(daemon.relpPort, "sender", MESSAGES_PER_SECOND)) {
            traffic.await(daemon, 1_000);
            ProcessHandle store = daemon.children().get("skewer-store");
            try (Strace strace = Strace.attach(daemon, store, "pwrite64:error=ENOSPC:when=20..28")) {
                daemon.await("the failures", () -> strace.injected() > 8);
                traffic.await(daemon, 3_000);
            }
            assertThat(store.isAlive()).as("the store goes on").isTrue();
            traffic.finish(daemon);
        }
    }

    @Test
    void kafkaMayBeDownForTheWholeInput() throws Exception {
        int count = 300_000;
        try (KafkaBroker broker = KafkaBroker.prepare();
                TestDaemon daemon = new DaemonSetup(directory)
                        .kafka(broker.address(), "late")
                        .start();
                RelpTraffic traffic = RelpTraffic.start(daemon.relpPort, "sender")) {
            daemon.await("the first third", () -> traffic.acknowledged() > count / 3);
            long storeMiB = TestDaemon.peakMemoryMiB(daemon.children().get("skewer-store"));
            long forwarderMiB = TestDaemon.peakMemoryMiB(daemon.children().get("skewer-forward-kafka"));
            daemon.await("all", () -> traffic.acknowledged() > count);
            int sent = traffic.stop();
            assertThat(TestDaemon.peakMemoryMiB(daemon.children().get("skewer-store")))
                    .isLessThan(storeMiB + 48);
            assertThat(TestDaemon.peakMemoryMiB(daemon.children().get("skewer-forward-kafka")))
                    .isLessThan(forwarderMiB + 48);
            broker.start();
            daemon.await("an empty queue", () -> daemon.metric("skewer_queue_messages") == 0);
            try (TopicHistory topic = new TopicHistory(broker.address(), "late")) {
                History history = topic.awaitMessages(sent, Duration.ofSeconds(30));
                assertThat(history.faults(sent, "sender")).isEmpty();
            }
        }
    }
}
