package io.skewer.cli.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process that stands still holds others back, and loses, breaks and blocks nothing. */
class HungChildrenIT {
    private static final int MESSAGES = 300_000;

    @TempDir
    Path directory;

    private static CompletableFuture<Void> send(TestDaemon daemon, String sender) {
        return CompletableFuture.runAsync(() -> {
            try {
                TcpSender.send(daemon.tcpPort, sender, MESSAGES);
            } catch (IOException cause) {
                throw new IllegalStateException(cause);
            }
        });
    }

    @Test
    void aStoreThatStandsStillHoldsSendersBackAndThenEverythingArrivesOnceAndInOrder() throws Exception {
        try (TestDaemon daemon = TestDaemon.toFiles(directory)) {
            ProcessHandle store = daemon.children().get("skewer-store");
            TestDaemon.signal(store, "STOP");
            CompletableFuture<Void> first = send(daemon, "first");
            CompletableFuture<Void> second = send(daemon, "second");
            Thread.sleep(5_000);
            assertThat(first).as("more than all buffers hold").isNotDone();
            assertThat(second).isNotDone();
            assertThat(daemon.metric("skewer_received_messages_total")).isLessThan(MESSAGES);
            TestDaemon.signal(store, "CONT");
            first.get(60, TimeUnit.SECONDS);
            second.get(60, TimeUnit.SECONDS);
            History history = daemon.awaitMessages(2 * MESSAGES);
            assertThat(history.faults(MESSAGES, "first", "second")).isEmpty();
            assertThat(history.duplicates()).isZero();
            assertThat(daemon.children().get("skewer-store").pid()).isEqualTo(store.pid());
        }
    }

    @Test
    void aStoreThatStandsStillAndIsKilledThenLosesNothingThatWaited() throws Exception {
        try (TestDaemon daemon = TestDaemon.toFiles(directory)) {
            ProcessHandle store = daemon.children().get("skewer-store");
            CompletableFuture<Void> sending = send(daemon, "sender");
            daemon.await("traffic", () -> daemon.metric("skewer_stored_messages_total") > 0);
            TestDaemon.signal(store, "STOP");
            Thread.sleep(1_000);
            TestDaemon.signal(store, "KILL");
            sending.get(60, TimeUnit.SECONDS);
            assertThat(daemon.awaitMessages(MESSAGES).faults(MESSAGES, "sender"))
                    .isEmpty();
            assertThat(daemon.log()).as("its successor is joined once").doesNotContain("link.renewed");
        }
    }

    @Test
    void aDaemonThatIsStoppedWhileItsStoreComesBackWaitsForItAndHandsOverWhatItHas() throws Exception {
        int count = 1_000;
        try (TestDaemon daemon =
                new DaemonSetup(directory).main("stop_timeout = \"60s\"").start()) {
            ProcessHandle store = daemon.children().get("skewer-store");
            TestDaemon.signal(store, "STOP");
            TcpSender.send(daemon.tcpPort, "sender", count);
            daemon.await("all to be received", () -> daemon.metric("skewer_received_messages_total") == count);
            TestDaemon.signal(store, "KILL");
            daemon.await("the supervisor to know", () -> daemon.log().contains("process.died"));
            Process launcher = daemon.serve().process();
            launcher.destroy();
            assertThat(launcher.waitFor(Duration.ofSeconds(20)))
                    .as("the daemon has ended")
                    .isTrue();
            assertThat(daemon.log()).doesNotContain("listener.not_drained");
            daemon.restart();
            assertThat(daemon.awaitMessages(count).faults(count, "sender")).isEmpty();
        }
    }

    @Test
    void aStoreThatDiesWhileListenersHandOverIsStartedAgainForThem() throws Exception {
        int count = 1_000;
        int datagrams = 100;
        try (TestDaemon daemon =
                new DaemonSetup(directory).main("stop_timeout = \"60s\"").start()) {
            ProcessHandle store = daemon.children().get("skewer-store");
            TestDaemon.signal(store, "STOP");
            TcpSender.send(daemon.tcpPort, "connection", count);
            UdpSender.send(daemon.udpPort, "datagrams", datagrams);
            daemon.await(
                    "all to be received", () -> daemon.metric("skewer_received_messages_total") == count + datagrams);
            Process launcher = daemon.serve().process();
            launcher.destroy();
            daemon.await("the listener to stop", () -> isRefused(daemon.tcpPort));
            TestDaemon.signal(store, "KILL");
            assertThat(launcher.waitFor(Duration.ofSeconds(30)))
                    .as("the daemon has ended")
                    .isTrue();
            assertThat(daemon.log())
                    .contains("process.died")
                    .doesNotContain("listener.not_drained")
                    .doesNotContain("process.killed");
            daemon.restart();
            History history = daemon.awaitMessages(count + datagrams);
            assertThat(history.faults(count, "connection")).isEmpty();
            assertThat(history.faults(datagrams, "datagrams")).isEmpty();
        }
    }

    /** Whether supervisor and listener have given up the socket: the listener does so first of all when it stops. */
    private static boolean isRefused(int port) throws IOException {
        try (Socket _ = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return false;
        } catch (ConnectException refused) {
            return true;
        }
    }

    @Test
    void theDaemonStopsInTimeThoughAListenerStandsStillAndWasAskedForItsMeasures() throws Exception {
        try (TestDaemon daemon =
                new DaemonSetup(directory).main("stop_timeout = \"1s\"").start()) {
            TestDaemon.signal(daemon.children().get("skewer-tcp"), "STOP");
            assertThat(daemon.metric("skewer_connections{")).isZero();
            Process launcher = daemon.serve().process();
            launcher.destroy();
            assertThat(launcher.waitFor(Duration.ofSeconds(10)))
                    .as("the daemon has ended")
                    .isTrue();
            assertThat(daemon.log()).contains("process.killed").contains("daemon.stopped");
        }
    }
}
