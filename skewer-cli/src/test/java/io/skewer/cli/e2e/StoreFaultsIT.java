package io.skewer.cli.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.skewer.cli.quickstart.KafkaBroker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The disk or the destination of the real daemon fails under load: senders wait, nothing acknowledged is lost, and it recovers alone. */
class StoreFaultsIT {
    private static final int MESSAGES_PER_SECOND = 5_000;
    /** strace makes a call fail by giving it a number that does not exist, which a filter of calls answers with the end of the process. */
    private static final String TRACEABLE = "[confinement]\nabsent = [\"seccomp\"]\n";

    private static final String SMALL = "[store]\nsegment_size = \"1MiB\"\nmin_free = \"2MiB\"\n";

    @TempDir
    Path directory;

    private static void finish(TestDaemon daemon, RelpTraffic traffic) throws Exception {
        traffic.await(daemon, 2_000);
        int count = traffic.stop();
        daemon.await("an empty queue", () -> daemon.metric("skewer_queue_messages") == 0);
        daemon.await(
                "all acknowledged messages",
                () -> daemon.read().faults(count, "sender").isEmpty());
        assertThat(daemon.metric("skewer_lost_messages_total")).isZero();
    }

    @Test
    void aFullDiskStopsTheAcknowledgementsUntilThereIsSpaceAgain() throws Exception {
        Required.that("root".equals(System.getProperty("user.name")), "only root may mount a small file system");
        Path store = directory.resolve("daemon/store");
        Files.createDirectories(store);
        Execution mount = Execution.of("mount", "-t", "tmpfs", "-o", "size=12m,mode=0700", "tmpfs", store.toString());
        Required.that(mount.status() == 0, "no file system can be mounted here: " + mount.err());
        try (TestDaemon daemon = new DaemonSetup(directory).sections(SMALL).start();
                RelpTraffic traffic = RelpTraffic.start(daemon.relpPort, "sender")) {
            ProcessHandle forwarder = daemon.children().get("skewer-forward-file");
            traffic.await(daemon, 1_000);
            signal("STOP", forwarder);
            daemon.await("a full store", () -> daemon.metric("skewer_store_full") == 1);
            Thread.sleep(500);
            int acknowledged = traffic.acknowledged();
            Thread.sleep(2_000);
            assertThat(traffic.acknowledged()).isEqualTo(acknowledged);
            signal("CONT", forwarder);
            finish(daemon, traffic);
            assertThat(daemon.metric("skewer_store_full")).isZero();
        } finally {
            Execution.of("umount", "-l", store.toString());
        }
    }

    private static void signal(String name, ProcessHandle process) throws IOException, InterruptedException {
        assertThat(Execution.of("kill", "-" + name, String.valueOf(process.pid()))
                        .status())
                .isZero();
    }

    /** Lets strace answer for the kernel, for as long as something runs. */
    private static void inject(TestDaemon daemon, String fault, Waiting during) throws Exception {
        String strace = Required.program("strace", "strace");
        ProcessHandle store = daemon.children().get("skewer-store");
        Path said = Files.createTempFile("strace", ".log");
        Process injecting = new ProcessBuilder(
                        strace,
                        "-f",
                        "-qq",
                        "-o",
                        "/dev/null",
                        "-e",
                        "trace=fdatasync,pwrite64",
                        "-e",
                        "inject=" + fault,
                        "-p",
                        String.valueOf(store.pid()))
                .redirectErrorStream(true)
                .redirectOutput(said.toFile())
                .start();
        try {
            Thread.sleep(500);
            Required.that(
                    injecting.isAlive() || Files.size(said) == 0,
                    "strace does not trace here: " + Files.readString(said));
            during.run();
        } finally {
            injecting.destroy();
            injecting.waitFor(10, TimeUnit.SECONDS);
        }
    }

    private interface Waiting {
        void run() throws Exception;
    }

    @Test
    void aSyncThatFailsOnceCostsNothing() throws Exception {
        try (TestDaemon daemon = new DaemonSetup(directory)
                        .sections(SMALL)
                        .sections(TRACEABLE)
                        .start();
                RelpTraffic traffic = RelpTraffic.start(daemon.relpPort, "sender", MESSAGES_PER_SECOND)) {
            traffic.await(daemon, 1_000);
            ProcessHandle store = daemon.children().get("skewer-store");
            inject(daemon, "fdatasync:error=EIO:when=20", () -> traffic.await(daemon, 3_000));
            assertThat(store.isAlive()).as("the store goes on").isTrue();
            finish(daemon, traffic);
        }
    }

    @Test
    void aDiskThatFailsForGoodStopsTheStoreAndAcknowledgesNothingUntilItWorks() throws Exception {
        try (TestDaemon daemon = new DaemonSetup(directory)
                        .sections(SMALL)
                        .sections(TRACEABLE)
                        .start();
                RelpTraffic traffic = RelpTraffic.start(daemon.relpPort, "sender", MESSAGES_PER_SECOND)) {
            traffic.await(daemon, 1_000);
            ProcessHandle store = daemon.children().get("skewer-store");
            // Not until its end: a traced process is slow to end.
            inject(
                    daemon,
                    "fdatasync:error=EIO:when=20+",
                    () -> daemon.await("the failure", () -> daemon.log().contains("store.failed")));
            daemon.awaitEnd(store);
            finish(daemon, traffic);
            assertThat(daemon.log()).contains("store.failed");
        }
    }

    @Test
    void writesThatFindNoSpaceHoldTheSendersBack() throws Exception {
        try (TestDaemon daemon = new DaemonSetup(directory)
                        .sections(SMALL)
                        .sections(TRACEABLE)
                        .start();
                RelpTraffic traffic = RelpTraffic.start(daemon.relpPort, "sender", MESSAGES_PER_SECOND)) {
            traffic.await(daemon, 1_000);
            ProcessHandle store = daemon.children().get("skewer-store");
            inject(daemon, "pwrite64:error=ENOSPC:when=20..28", () -> traffic.await(daemon, 3_000));
            assertThat(store.isAlive()).as("the store goes on").isTrue();
            finish(daemon, traffic);
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
