package io.skewer.cli.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.skewer.cli.quickstart.KafkaBroker;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** P8, conservation: received = stored + in flight + dropped per source, stored = delivered + queued per destination. */
class MetricsIT {
    private static final List<String> SOURCES = List.of("tcp", "udp", "relp");
    private static final String TCP = "source=\"tcp\"";
    private static final int BY_TCP = 20_000;
    private static final int BY_UDP = 50;
    private static final int BY_RELP = 3_000;
    private static final int STORED = BY_TCP + BY_UDP + BY_RELP;

    @TempDir
    Path directory;

    @Test
    void nothingIsUnaccountedForOnAMixedRunWhileADestinationIsAwayAndWhenItIsBack() throws Exception {
        try (KafkaBroker broker = KafkaBroker.prepare();
                TestDaemon daemon = new DaemonSetup(directory)
                        .destination("file,kafka")
                        .alsoKafka(broker.address(), "mixed")
                        .start()) {
            TcpSender.send(daemon.tcpPort, "tcp", BY_TCP);
            UdpSender.send(daemon.udpPort, "udp", BY_UDP);
            sendByRelp(daemon.relpPort);
            daemon.await("the store to keep all", () -> daemon.metric("skewer_stored_messages_total") == STORED);
            daemon.await("the file to have all", () -> delivered(daemon, "file") == STORED);
            // The store counts before it tells the listeners.
            daemon.await("nothing to be in flight", () -> daemon.metric("skewer_in_flight_messages") == 0);

            assertThat(daemon.metric("skewer_received_messages_total", "source=\"tcp\""))
                    .isEqualTo(BY_TCP);
            assertThat(daemon.metric("skewer_received_messages_total", "source=\"udp\""))
                    .isEqualTo(BY_UDP);
            assertThat(daemon.metric("skewer_received_messages_total", "source=\"relp\""))
                    .isEqualTo(BY_RELP + 1);
            assertThat(daemon.metric("skewer_dropped_messages_total", "source=\"relp\"", "reason=\"oversize\""))
                    .isEqualTo(1);
            assertThat(daemon.metric("skewer_dropped_messages_total")).isEqualTo(1);
            for (String source : SOURCES) {
                String label = "source=\"" + source + "\"";
                assertThat(daemon.metric("skewer_in_flight_messages", label)).isZero();
                assertThat(daemon.metric("skewer_received_messages_total", label))
                        .as("received = stored + dropped by %s", source)
                        .isEqualTo(daemon.metric("skewer_stored_messages_total", label)
                                + daemon.metric("skewer_dropped_messages_total", label));
                assertThat(daemon.metric("skewer_received_messages_total", label))
                        .as("received = parsed + dropped by %s", source)
                        .isEqualTo(daemon.metric("skewer_parsed_messages_total", label)
                                + daemon.metric("skewer_dropped_messages_total", label));
            }
            assertThat(queued(daemon, "file")).isZero();
            assertThat(queued(daemon, "kafka")).isEqualTo(STORED);
            assertThat(delivered(daemon, "kafka")).isZero();
            assertThat(PrometheusPage.faults(daemon.page())).isEmpty();

            broker.start();
            daemon.await("the queue to be empty", () -> queued(daemon, "kafka") == 0);
            assertThat(delivered(daemon, "kafka")).isEqualTo(STORED);
            assertThat(daemon.metric("skewer_failed_messages_total") + daemon.metric("skewer_lost_messages_total"))
                    .isZero();
            assertThat(daemon.metric("skewer_process_restarts_total")).isZero();
            assertThat(PrometheusPage.faults(daemon.page())).isEmpty();
        }
    }

    @Test
    void whatIsBetweenAListenerAndAStoreThatStandsStillCanBeRead() throws Exception {
        int count = 1_000;
        try (TestDaemon daemon = TestDaemon.toFiles(directory)) {
            ProcessHandle store = daemon.children().get("skewer-store");
            TestDaemon.signal(store, "STOP");
            TcpSender.send(daemon.tcpPort, "tcp", count);
            daemon.await("all to be received", () -> daemon.metric("skewer_received_messages_total", TCP) == count);
            daemon.await("all to be in flight", () -> daemon.metric("skewer_in_flight_messages", TCP) == count);
            assertThat(daemon.metric("skewer_stored_messages_total", TCP)).isZero();
            TestDaemon.signal(store, "CONT");
            daemon.await("all to be kept", () -> daemon.metric("skewer_in_flight_messages", TCP) == 0);
            daemon.await("the store to say so", () -> daemon.metric("skewer_stored_messages_total", TCP) == count);
        }
    }

    private static double queued(TestDaemon daemon, String destination) throws IOException, InterruptedException {
        return daemon.metric("skewer_queue_messages", "destination=\"" + destination + "\"");
    }

    private static double delivered(TestDaemon daemon, String destination) throws IOException, InterruptedException {
        return daemon.metric("skewer_delivered_messages_total", "destination=\"" + destination + "\"");
    }

    /** All messages, and one that is refused because it is too long. */
    private static void sendByRelp(int port) throws IOException {
        try (RelpClient client = new RelpClient(port)) {
            for (int number = 0; number < BY_RELP; number++) {
                client.syslog(TcpSender.message("relp", number));
            }
            assertThat(client.awaitAnswers(0)).isEqualTo(BY_RELP);
        }
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            String frames = "1 open 0\n2 syslog 70000 " + "x".repeat(70_000) + "\n3 close 0\n";
            socket.getOutputStream().write(frames.getBytes(StandardCharsets.US_ASCII));
            assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
                    .contains("2 rsp ", " 500 ");
        }
    }

    @Test
    void aRestartIsCountedForTheProcessThatDied() throws Exception {
        try (TestDaemon daemon = TestDaemon.toFiles(directory)) {
            daemon.killAndAwaitSuccessor("skewer-udp");
            assertThat(daemon.metric("skewer_process_restarts_total", "role=\"udp\""))
                    .isEqualTo(1);
            assertThat(daemon.metric("skewer_process_restarts_total")).isEqualTo(1);
            UdpSender.send(daemon.udpPort, "udp", 1);
            daemon.await(
                    "the next one to count",
                    () -> daemon.metric("skewer_received_messages_total", "source=\"udp\"") == 1);
            assertThat(PrometheusPage.faults(daemon.page())).isEmpty();
        }
    }
}
