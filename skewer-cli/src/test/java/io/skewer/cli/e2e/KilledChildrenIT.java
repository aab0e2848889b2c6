package io.skewer.cli.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.skewer.cli.quickstart.KafkaBroker;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * P1 and P4: every message that a RELP sender got an acknowledgement for arrives, whichever process is killed meanwhile, and what arrives
 * twice is no more than what was on its way.
 */
class KilledChildrenIT {
    private static final int KILLS = 3;

    private static final List<String> COUNTERS = List.of(
            "skewer_received_messages_total",
            "skewer_stored_messages_total",
            "skewer_delivered_messages_total",
            "skewer_sent_messages_total");

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"skewer-tcp", "skewer-udp", "skewer-relp", "skewer-store", "skewer-forward-file"})
    void everyAcknowledgedMessageArrivesThoughAProcessIsKilled(String victim) throws Exception {
        try (TestDaemon daemon = new DaemonSetup(directory)
                        .fileDestination("flush_period = \"100ms\"")
                        .start();
                RelpTraffic traffic = RelpTraffic.start(daemon.relpPort, "sender")) {
            long bound = killAgainAndAgain(daemon, traffic, victim);
            int count = traffic.stop();
            daemon.await(
                    "all acknowledged messages",
                    () -> daemon.read().faults(count, "sender").isEmpty());
            daemon.await("an empty queue", () -> daemon.metric("skewer_queue_messages") == 0);
            assertThat(daemon.read().duplicates()).isLessThanOrEqualTo(bound);
            assertThat(daemon.metric("skewer_process_restarts_total")).isEqualTo(KILLS);
        }
    }

    @Test
    void everyAcknowledgedMessageArrivesInKafkaThoughItsForwarderIsKilled() throws Exception {
        try (KafkaBroker broker = KafkaBroker.prepare().start();
                TestDaemon daemon = new DaemonSetup(directory)
                        .kafka(broker.address(), "killed")
                        .start();
                RelpTraffic traffic = RelpTraffic.start(daemon.relpPort, "sender")) {
            long bound = killAgainAndAgain(daemon, traffic, "skewer-forward-kafka");
            int count = traffic.stop();
            daemon.await("an empty queue", () -> daemon.metric("skewer_queue_messages") == 0);
            try (TopicHistory topic = new TopicHistory(broker.address(), "killed")) {
                History history = topic.awaitMessages(count, Duration.ofSeconds(30));
                assertThat(history.faults(count, "sender")).isEmpty();
                assertThat(history.duplicates()).isLessThanOrEqualTo(bound);
            }
            assertThat(daemon.metric("skewer_process_restarts_total")).isEqualTo(KILLS);
        }
    }

    /** @return how many messages may come twice */
    private static long killAgainAndAgain(TestDaemon daemon, RelpTraffic traffic, String victim) throws Exception {
        Map<String, Long> others = pids(daemon);
        others.remove(victim);
        long bound = 0;
        for (int i = 0; i < KILLS; i++) {
            traffic.await(daemon, 2_000);
            int acknowledgedBefore = traffic.acknowledged();
            long unsettledBefore = (long) daemon.metric("skewer_queue_messages");
            if (victim.equals("skewer-store")) {
                // What it has settled and not yet written down comes twice, too: let it be part of what is counted.
                awaitStateWritten(daemon);
                awaitStateWritten(daemon);
            }
            Map<String, Double> counted = counted(daemon);
            ProcessHandle process = daemon.kill(victim);
            int received = traffic.acknowledged() - acknowledgedBefore + RelpTraffic.WINDOW;
            bound += switch (victim) {
                case "skewer-tcp", "skewer-udp" -> 0;
                // Its client sends again what was not answered.
                case "skewer-relp" -> RelpTraffic.WINDOW;
                default -> unsettledBefore + received;
            };
            daemon.awaitSuccessor(victim, process);
            counted(daemon)
                    .forEach((counter, now) -> assertThat(now)
                            .as("%s after the death of %s", counter, victim)
                            .isGreaterThanOrEqualTo(counted.getOrDefault(counter, 0.0)));
        }
        traffic.await(daemon, 2_000);
        assertThat(pids(daemon)).as("the others go on").containsAllEntriesOf(others);
        return bound;
    }

    /** Waits until the store has written down once more what is settled; the first time it may have begun before. */
    private static void awaitStateWritten(TestDaemon daemon) throws Exception {
        Path state = daemon.store().resolve("state");
        FileTime before = Files.getLastModifiedTime(state);
        daemon.await(
                "the store to write down what is settled",
                () -> !Files.getLastModifiedTime(state).equals(before));
    }

    /** Counters of a listener, of the store and of a forwarder. */
    private static Map<String, Double> counted(TestDaemon daemon) throws Exception {
        Map<String, Double> counted = new HashMap<>();
        for (String name : COUNTERS) {
            counted.put(name, daemon.metric(name));
        }
        return counted;
    }

    private static Map<String, Long> pids(TestDaemon daemon) {
        Map<String, Long> pids = new HashMap<>();
        daemon.children().forEach((title, process) -> pids.put(title, process.pid()));
        return pids;
    }

    @Test
    void whoeverConnectsOrSendsWhileAListenerIsDeadIsServedByItsSuccessor() throws Exception {
        int count = 1_000;
        int datagrams = 20;
        try (TestDaemon daemon = TestDaemon.toFiles(directory)) {
            // While it stands still, nobody is started again.
            ProcessHandle supervisor = daemon.supervisor();
            TestDaemon.signal(supervisor, "STOP");
            ProcessHandle tcp = daemon.kill("skewer-tcp");
            ProcessHandle udp = daemon.kill("skewer-udp");
            daemon.awaitEnd(tcp);
            daemon.awaitEnd(udp);
            UdpSender.send(daemon.udpPort, "datagrams", datagrams);
            TcpSender.send(daemon.tcpPort, "connection", count);
            assertThat(TestDaemon.runs(tcp.pid()) || TestDaemon.runs(udp.pid()))
                    .as("somebody listens")
                    .isFalse();
            TestDaemon.signal(supervisor, "CONT");
            daemon.awaitSuccessor("skewer-tcp", tcp);
            daemon.awaitSuccessor("skewer-udp", udp);
            History history = daemon.awaitMessages(count + datagrams);
            assertThat(history.faults(count, "connection")).isEmpty();
            assertThat(history.faults(datagrams, "datagrams")).isEmpty();
            assertThat(history.duplicates()).isZero();
        }
    }
}
