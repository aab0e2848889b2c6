package io.skewer.cli.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.skewer.cli.quickstart.FreePorts;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process that stands still holds others back, and loses, breaks and blocks nothing. */
class HungChildrenIT {
    private static final int MESSAGES = 300_000;
    private static final long PATIENCE_S = TestDaemon.PATIENCE.toSeconds();
    /** Less than the stop timeout of those who must not need it. */
    private static final Duration STOPPED_WITHIN = Duration.ofSeconds(45);

    private static final String STOP_TIMEOUT = "stop_timeout = \"60s\"";

    @TempDir
    Path directory;

    private static CompletableFuture<Void> send(TestDaemon daemon, String sender) {
        // Not in the common pool: on two processors it has one thread, and a sender that is held back keeps it.
        return CompletableFuture.runAsync(
                () -> TcpSender.sendAll(daemon.tcpPort, MESSAGES, sender),
                task -> Thread.ofPlatform().daemon().start(task));
    }

    /** @return the process that stands still from now on */
    private static ProcessHandle stopStore(TestDaemon daemon) throws Exception {
        ProcessHandle store = daemon.children().get("skewer-store");
        TestDaemon.signal(store, "STOP");
        return store;
    }

    @Test
    void aStoreThatStandsStillHoldsSendersBackAndThenEverythingArrivesOnceAndInOrder() throws Exception {
        try (TestDaemon daemon = TestDaemon.toFiles(directory)) {
            ProcessHandle store = stopStore(daemon);
            CompletableFuture<Void> first = send(daemon, "first");
            CompletableFuture<Void> second = send(daemon, "second");
            Thread.sleep(5_000);
            assertThat(first).as("more than all buffers hold").isNotDone();
            assertThat(second).isNotDone();
            assertThat(daemon.metric("skewer_received_messages_total")).isLessThan(MESSAGES);
            TestDaemon.signal(store, "CONT");
            first.get(PATIENCE_S, TimeUnit.SECONDS);
            second.get(PATIENCE_S, TimeUnit.SECONDS);
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
            sending.get(PATIENCE_S, TimeUnit.SECONDS);
            assertThat(daemon.awaitMessages(MESSAGES).faults(MESSAGES, "sender"))
                    .isEmpty();
            assertThat(daemon.log()).as("its successor is joined once").doesNotContain("link.renewed");
        }
    }

    @Test
    void aDaemonThatIsStoppedWhileItsStoreComesBackWaitsForItAndHandsOverWhatItHas() throws Exception {
        int count = 1_000;
        try (TestDaemon daemon = new DaemonSetup(directory).main(STOP_TIMEOUT).start()) {
            ProcessHandle store = stopStore(daemon);
            TcpSender.send(daemon.tcpPort, "sender", count);
            daemon.await("all to be received", () -> daemon.metric("skewer_received_messages_total") == count);
            TestDaemon.signal(store, "KILL");
            daemon.await("the supervisor to know", () -> daemon.log().contains("process.died"));
            Process launcher = daemon.serve().process();
            launcher.destroy();
            assertThat(launcher.waitFor(STOPPED_WITHIN))
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
        try (TestDaemon daemon = new DaemonSetup(directory).main(STOP_TIMEOUT).start()) {
            ProcessHandle store = stopStore(daemon);
            TcpSender.send(daemon.tcpPort, "connection", count);
            UdpSender.send(daemon.udpPort, "datagrams", datagrams);
            daemon.await(
                    "all to be received", () -> daemon.metric("skewer_received_messages_total") == count + datagrams);
            Process launcher = daemon.serve().process();
            launcher.destroy();
            daemon.await("the listener to stop", () -> isRefused(daemon.tcpPort));
            TestDaemon.signal(store, "KILL");
            assertThat(launcher.waitFor(STOPPED_WITHIN))
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
    void aStopThatWaitsForADestinationSaysForWhichAndWhatStays() throws Exception {
        int count = 10;
        DaemonSetup setup = new DaemonSetup(directory)
                .kafka("127.0.0.1:" + FreePorts.next(), "topic")
                .main("stop_timeout = \"1s\"");
        try (TestDaemon daemon = setup.start()) {
            TcpSender.send(daemon.tcpPort, "sender", count);
            daemon.await("all to be stored", () -> daemon.metric("skewer_queue_messages") == count);
            daemon.stop();
            assertThat(daemon.log())
                    .containsOnlyOnce("event=store.draining process=store destinations=kafka at_most_ms=1000 ")
                    .containsOnlyOnce(
                            "event=store.not_drained process=store destination=kafka messages=" + count + " ");
        }
    }

    @Test
    void aStopWhileTheStoreIsFullSaysHowManyMessagesAreLost() throws Exception {
        DaemonSetup setup = new DaemonSetup(directory)
                .kafka("127.0.0.1:" + FreePorts.next(), "topic")
                .main("stop_timeout = \"1s\"")
                .sections("[store]\nsegment_size = \"1MiB\"\nmax_size = \"3MiB\"");
        try (TestDaemon daemon = setup.start();
                Socket socket = new Socket(InetAddress.getLoopbackAddress(), daemon.tcpPort)) {
            Random random = new Random(1);
            byte[] incompressible = new byte[750];
            Thread sender = Thread.ofVirtual().start(() -> {
                try {
                    while (true) {
                        random.nextBytes(incompressible);
                        socket.getOutputStream()
                                .write((Base64.getEncoder().encodeToString(incompressible) + "\n")
                                        .getBytes(StandardCharsets.US_ASCII));
                    }
                } catch (IOException closed) {
                    // By the stop.
                }
            });
            daemon.await(
                    "the store to be full",
                    () -> daemon.metric("skewer_store_full") == 1 && daemon.metric("skewer_in_flight_messages") > 0);
            daemon.stop();
            sender.join();
            assertThat(daemon.log())
                    .containsPattern(
                            "level=error event=listener.not_drained process=tcp messages=[1-9]\\d* effect=\"LOST: ")
                    .contains("event=store.full process=store policy=block reason=\"store.max_size: ")
                    .doesNotContain("NoRoomException");
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
