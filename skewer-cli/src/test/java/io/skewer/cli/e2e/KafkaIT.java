package io.skewer.cli.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.skewer.cli.quickstart.KafkaBroker;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From TCP sockets to a real Kafka broker. The default partition key is the host, and each sender is a host. */
class KafkaIT {
    private static final String[] SENDERS = {"a", "b", "c", "d"};
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    /** Far above what the heaps of the roles leave, far below what the messages weigh. */
    private static final long PEAK_MEMORY_MIB = 512;

    private static KafkaBroker broker;

    @TempDir
    Path directory;

    @BeforeAll
    static void start() throws Exception {
        broker = KafkaBroker.prepare();
    }

    @AfterAll
    static void end() throws Exception {
        broker.close();
    }

    @Test
    void aMillionMessagesArriveInKafkaNoneMissingOrTwiceEachConnectionInOrder() throws Exception {
        int each = 250_000;
        broker.start();
        try (TestDaemon daemon =
                new DaemonSetup(directory).kafka(broker.address(), "million").start()) {
            TcpSender.sendAll(daemon.tcpPort, each, SENDERS);
            int total = each * SENDERS.length;
            daemon.await("all to be delivered", () -> daemon.metric("skewer_delivered_messages_total") >= total);
            try (TopicHistory topic = new TopicHistory(broker.address(), "million")) {
                History history = topic.awaitMessages(total, PATIENCE);
                assertThat(history.faults(each, SENDERS)).isEmpty();
                assertThat(history.duplicates()).isZero();
                assertThat(history.sample())
                        .startsWith("{\"facility\":\"local4\",\"severity\":\"notice\",")
                        .containsPattern("\"hostname\":\"([abcd])\".*from=\\1 seq=");
            }
            assertMemoryIsBounded(daemon);
        } finally {
            broker.kill();
        }
    }

    @Test
    void theDaemonStartsWithoutABrokerAndABrokerThatDiesAndComesBackLosesNothing() throws Exception {
        int each = 100_000;
        try (TestDaemon daemon =
                new DaemonSetup(directory).kafka(broker.address(), "crash").start()) {
            TcpSender.sendAll(daemon.tcpPort, each / 4, "early");
            daemon.await("the store to keep them", () -> daemon.metric("skewer_queue_messages") == each / 4.0);
            broker.start();
            Thread sending = Thread.ofPlatform().start(() -> TcpSender.sendAll(daemon.tcpPort, each, SENDERS));
            daemon.await(
                    "traffic through the broker", () -> daemon.metric("skewer_delivered_messages_total") > each / 2.0);
            broker.kill();
            TcpSender.sendAll(daemon.tcpPort, each / 4, "late");
            sending.join();
            daemon.await(
                    "the store to keep what Kafka cannot take",
                    () -> daemon.metric("skewer_stored_messages_total") == each / 2.0 + each * SENDERS.length);
            assertThat(daemon.metric("skewer_queue_messages"))
                    .as("waiting for the broker")
                    .isPositive();
            assertMemoryIsBounded(daemon);
            broker.start();
            daemon.await("the queue to be empty", () -> daemon.metric("skewer_queue_messages") == 0);
            try (TopicHistory topic = new TopicHistory(broker.address(), "crash")) {
                History history = topic.awaitMessages(each / 2 + each * SENDERS.length, PATIENCE);
                assertThat(history.faults(each / 4, "early", "late")).isEmpty();
                assertThat(history.faults(each, SENDERS)).isEmpty();
            }
            assertMemoryIsBounded(daemon);
            assertThat(daemon.metric("skewer_process_restarts_total")).isZero();
            assertThat(daemon.metric("skewer_failed_messages_total")).isZero();
        } finally {
            broker.kill();
        }
    }

    private static void assertMemoryIsBounded(TestDaemon daemon) throws Exception {
        for (Map.Entry<String, ProcessHandle> child : daemon.children().entrySet()) {
            assertThat(TestDaemon.peakMemoryMiB(child.getValue()))
                    .as("MiB of %s", child.getKey())
                    .isPositive()
                    .isLessThan(PEAK_MEMORY_MIB);
        }
    }
}
