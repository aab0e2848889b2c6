package io.skewer.cli.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.skewer.cli.quickstart.KafkaBroker;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A real rsyslogd sends. Messages are numbered on their way into it, one sender over one connection. */
class RsyslogIT {
    private static final int COUNT = 30_000;

    @TempDir
    Path directory;

    @Test
    void byOmrelpNothingIsLostThoughTheStoreIsKilledAndTheDaemonRestarted() throws Exception {
        try (TestDaemon daemon = TestDaemon.toFiles(directory);
                Rsyslog rsyslog = Rsyslog.omrelp(directory.resolve("rsyslog"), daemon.relpPort)) {
            TcpSender.send(rsyslog.port, "a", COUNT);
            daemon.await("messages to arrive", () -> daemon.read().distinct() > COUNT / 10);
            daemon.killAndAwaitSuccessor("skewer-store");
            TcpSender.send(rsyslog.port, "b", COUNT);
            daemon.restart();
            TcpSender.send(rsyslog.port, "c", COUNT);
            assertThat(daemon.awaitMessages(3 * COUNT).faults(COUNT, "a", "b", "c"))
                    .isEmpty();
            assertThat(rsyslog.isAlive()).isTrue();
            assertThat(daemon.metric("skewer_protocol_errors_total", "source=\"relp\""))
                    .isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"octet-counted", "traditional"})
    void byOmfwdOverTcpNothingIsLostAndItSurvivesARestart(String framing) throws Exception {
        try (TestDaemon daemon = TestDaemon.toFiles(directory);
                Rsyslog rsyslog = Rsyslog.omfwd(
                        directory.resolve("rsyslog"),
                        daemon.tcpPort,
                        "protocol=\"tcp\" tcp_framing=\"" + framing + "\"")) {
            TcpSender.send(rsyslog.port, "a", COUNT);
            History history = daemon.awaitMessages(COUNT);
            assertThat(history.faults(COUNT, "a")).isEmpty();
            assertThat(history.duplicates()).isZero();
            assertThat(daemon.metric("skewer_parsed_messages_total", "status=\"ok\""))
                    .isEqualTo(COUNT);
            daemon.restart();
            // What plain TCP had under way is lost with the connection: that nothing comes back is all a sender can
            // notice.
            TcpSender.send(rsyslog.port, "notice", 1);
            daemon.await("rsyslog to connect again", () -> {
                TcpSender.send(rsyslog.port, "again", 1);
                return daemon.metric("skewer_received_messages_total") > 0;
            });
            TcpSender.send(rsyslog.port, "b", COUNT);
            daemon.await(
                    "what came after the restart",
                    () -> daemon.read().faults(COUNT, "b").isEmpty());
            assertThat(rsyslog.isAlive()).isTrue();
        }
    }

    @Test
    void byOmfwdOverUdpWhatIsSentAtAModeratePaceArrives() throws Exception {
        int portions = 20;
        int portion = 100;
        try (TestDaemon daemon = TestDaemon.toFiles(directory);
                Rsyslog rsyslog = Rsyslog.omfwd(directory.resolve("rsyslog"), daemon.udpPort, "protocol=\"udp\"")) {
            String[] senders = new String[portions];
            for (int i = 0; i < portions; i++) {
                senders[i] = "udp" + i;
                TcpSender.send(rsyslog.port, senders[i], portion);
                int sent = (i + 1) * portion;
                // No more than one portion in the kernel's buffer, however small it is here.
                daemon.await("a portion", () -> daemon.metric("skewer_received_messages_total") >= sent);
            }
            History history = daemon.awaitMessages(portions * portion);
            assertThat(history.faults(portion, senders)).isEmpty();
            assertThat(history.duplicates()).isZero();
            assertThat(daemon.metric("skewer_udp_kernel_drops_total")).isZero();
        }
    }

    @Test
    void byOmrelpIntoATopicThatKcatReads() throws Exception {
        String kcat = Required.program("kcat", "kcat");
        int count = 1_000;
        try (KafkaBroker broker = KafkaBroker.prepare().start();
                TestDaemon daemon = new DaemonSetup(directory)
                        .kafka(broker.address(), "rsyslog")
                        .start();
                Rsyslog rsyslog = Rsyslog.omrelp(directory.resolve("rsyslog"), daemon.relpPort)) {
            TcpSender.send(rsyslog.port, "a", count);
            daemon.await("all to be delivered", () -> daemon.metric("skewer_delivered_messages_total") >= count);
            Execution reader =
                    Execution.of(kcat, "-C", "-e", "-q", "-b", broker.address(), "-t", "rsyslog", "-f", "%k %s\\n");
            assertThat(reader.status()).as(reader.err()).isZero();
            History history = new History();
            reader.out().lines().forEach(history::saw);
            assertThat(history.faults(count, "a")).isEmpty();
            assertThat(history.duplicates()).isZero();
            assertThat(reader.out().lines()).allMatch(line -> line.startsWith("partition-a {\"facility\":\"local4\""));
        }
    }
}
