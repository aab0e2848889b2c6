package io.skewer.cli.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.skewer.cli.quickstart.FreePorts;
import io.skewer.cli.quickstart.KafkaBroker;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** R29 and R31: a real broker whose answers come late or not at all, and whose name is not found. */
class BrokerFaults {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int MESSAGES_PER_SECOND = 3_000;

    @TempDir
    Path directory;

    @Test
    void r29AnswersThatComeLateOrAreLostWithTheirConnectionsLoseAndRepeatNothing() throws Exception {
        int port = FreePorts.next();
        try (KafkaBroker broker = KafkaBroker.prepare(Map.of("advertised.listeners", "PLAINTEXT://127.0.0.1:" + port))
                        .start();
                BrokerProxy proxy = new BrokerProxy("127.0.0.1", port, broker);
                TestDaemon daemon = new DaemonSetup(directory)
                        .kafka("127.0.0.1:" + port, "answers")
                        .start();
                RelpTraffic traffic = RelpTraffic.start(daemon.relpPort, "sender", MESSAGES_PER_SECOND)) {
            traffic.await(daemon, 1_000);
            for (int round = 0; round < 10; round++) {
                proxy.loseAnswers(3);
                daemon.await("answers to be lost", proxy::isThrough);
                proxy.delay(300);
                traffic.await(daemon, 500);
                proxy.cut();
                proxy.delay(0);
                traffic.await(daemon, 500);
            }
            int count = traffic.stop();
            daemon.await("an empty queue", () -> daemon.metric("skewer_queue_messages") == 0);
            try (TopicHistory topic = new TopicHistory(broker.address(), "answers")) {
                History history = topic.awaitMessages(count, PATIENCE);
                assertThat(history.faults(count, "sender")).isEmpty();
                assertThat(history.duplicates())
                        .as("the broker knows what it was sent before")
                        .isZero();
            }
            assertThat(daemon.metric("skewer_process_restarts_total")).isZero();
            assertThat(daemon.metric("skewer_failed_messages_total")).isZero();
        }
    }

    @Test
    void r31ANameThatIsNotFoundForAWhileIsAnOutageLikeAnother() throws Exception {
        FaultyLibrary library = FaultyLibrary.install(directory);
        // The JDK knows where localhost is without asking.
        String host = InetAddress.getLocalHost().getHostName();
        Required.that(!host.equals("localhost"), "this machine has no name of its own");
        int port = FreePorts.next();
        try (KafkaBroker broker = KafkaBroker.prepare(
                                Map.of("advertised.listeners", "PLAINTEXT://" + host + ":" + port))
                        .start();
                BrokerProxy proxy = new BrokerProxy(host, port, broker);
                TestDaemon daemon = new DaemonSetup(directory)
                        .on(library)
                        .kafka(host + ":" + port, "names")
                        .start();
                RelpTraffic traffic = RelpTraffic.start(daemon.relpPort, "sender", 1_000)) {
            daemon.await("traffic through the broker", () -> daemon.metric("skewer_delivered_messages_total") > 1_000);
            library.resolveNames(false);
            // The JDK remembers an address for half a minute: until the name is asked for again, connections are cut.
            long endNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(45);
            while (System.nanoTime() < endNs) {
                proxy.cut();
                Thread.sleep(200);
            }
            double delivered = daemon.metric("skewer_delivered_messages_total");
            Thread.sleep(3_000);
            assertThat(daemon.metric("skewer_delivered_messages_total"))
                    .as("nobody finds the broker")
                    .isEqualTo(delivered);
            library.resolveNames(true);
            traffic.await(daemon, 1_000);
            int count = traffic.stop();
            daemon.await("an empty queue", () -> daemon.metric("skewer_queue_messages") == 0);
            try (TopicHistory topic = new TopicHistory(broker.address(), "names")) {
                assertThat(topic.awaitMessages(count, PATIENCE).faults(count, "sender"))
                        .isEmpty();
            }
            assertThat(daemon.metric("skewer_process_restarts_total")).isZero();
        }
    }
}
