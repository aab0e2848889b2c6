package io.skewer.sinks.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.skewer.core.config.KafkaDestination;
import io.skewer.core.encode.Encoders;
import io.skewer.core.measure.Measures;
import io.skewer.core.measure.Sample;
import io.skewer.sinks.Batches;
import io.skewer.sinks.Failure;
import io.skewer.sinks.Settled;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.common.Cluster;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a broker refuses after it took it into its hands, and may take a little later. */
@Timeout(60)
class KafkaRetriesTest {
    private static final int MAX_ATTEMPTS = 3;
    private static final KafkaDestination SETTINGS = new KafkaDestination(
            List.of("localhost:9092"),
            "skewer-test",
            "file",
            "none",
            1_000_000,
            65_536,
            Duration.ofMillis(5),
            32 << 20,
            5,
            Duration.ofSeconds(30),
            Duration.ofMillis(20),
            MAX_ATTEMPTS,
            Duration.ofMinutes(5));
    private static final Node BROKER = new Node(0, "localhost", 9092);

    private final Settled settled = new Settled();
    private final Measures measures = new Measures();
    private final Batches batches = new Batches();
    private final MockProducer<byte[], byte[]> producer = new MockProducer<>(
            new Cluster(
                    "c",
                    List.of(BROKER),
                    List.of(new PartitionInfo("topic", 0, BROKER, new Node[] {BROKER}, new Node[] {BROKER})),
                    Set.of(),
                    Set.of()),
            false,
            null,
            new ByteArraySerializer(),
            new ByteArraySerializer());
    private final KafkaSink sink =
            new KafkaSink(SETTINGS, () -> producer, Encoders.of("file", false), settled, measures);

    @AfterEach
    void close() throws Exception {
        sink.close();
    }

    /** The producer answers on a thread of its own. */
    private void answer(BooleanSupplier next) {
        assertThat(CompletableFuture.supplyAsync(next::getAsBoolean).join()).isTrue();
    }

    /** Has a first message acknowledged, which goes alone. */
    private void openTopic() throws InterruptedException {
        sink.send(batches.add("app", "first", "topic", "k").take());
        answer(producer::completeNext);
        producer.clear();
    }

    private void refuse() {
        answer(() -> producer.errorNext(new TopicAuthorizationException("topic")));
    }

    /** Has m0 refused and m1 acknowledged, which were sent over a topic that is open. */
    private void refuseOneOfTwo() throws InterruptedException {
        openTopic();
        sink.send(batches.add("app", "m0", "topic", "k")
                .add("app", "m1", "topic", "k")
                .take());
        refuse();
        answer(producer::completeNext);
    }

    private void awaitSent(int count) throws InterruptedException {
        for (int i = 0; i < 500 && producer.history().size() < count; i++) {
            Thread.sleep(10);
        }
        assertThat(producer.history()).hasSize(count);
    }

    private String lastSent() {
        String line = new String(producer.history().getLast().value(), StandardCharsets.UTF_8);
        return line.substring(line.length() - 2);
    }

    private double retries() {
        return measures.snapshot().stream()
                .filter(sample -> sample.name().equals("skewer_retries_total"))
                .mapToDouble(Sample::value)
                .sum();
    }

    @Test
    void theFirstMessageToATopicGoesAloneUntilItIsAcknowledged() throws Exception {
        sink.send(batches.add("app", "m0", "topic", "k")
                .add("app", "m1", "topic", "k")
                .take());
        sink.send(batches.add("app", "m2", "topic", "k").take());
        assertThat(producer.history()).hasSize(1);
        assertThat(lastSent()).isEqualTo("m0");
        refuse();
        awaitSent(2);
        assertThat(lastSent()).as("the next first one").isEqualTo("m1");
        answer(producer::completeNext);
        awaitSent(4);
        answer(producer::completeNext);
        answer(producer::completeNext);
        assertThat(settled.await(3, 10)).isEqualTo(3);
        assertThat(retries()).isEqualTo(1);
    }

    @Test
    void aMessageThatIsAllowedAtLastIsDeliveredAndTheOthersDoNotWaitForIt() throws Exception {
        refuseOneOfTwo();
        awaitSent(3);
        assertThat(lastSent()).isEqualTo("m0");
        refuse();
        awaitSent(4);
        sink.send(batches.add("app", "m2", "topic", "k").take());
        answer(producer::completeNext);
        answer(producer::completeNext);
        assertThat(settled.await(4, 10)).isEqualTo(4);
        assertThat(settled.failures(1)).isEmpty();
        assertThat(retries()).isEqualTo(2);
    }

    @Test
    void aMessageThatIsRefusedToTheEndFailsWithTheNumberOfItsTries() throws Exception {
        refuseOneOfTwo();
        for (int sent = 3; sent <= 4; sent++) {
            awaitSent(sent);
            assertThat(lastSent()).isEqualTo("m0");
            refuse();
        }
        assertThat(settled.await(2, 10)).isEqualTo(2);
        Failure failure = Objects.requireNonNull(settled.failures(1).get(0));
        assertThat(failure.reason()).isEqualTo(Failure.Reason.NOT_AUTHORIZED);
        assertThat(failure.attempts()).isEqualTo(MAX_ATTEMPTS);
        assertThat(settled.calls()).containsExactly("0:0-1", "1:1-2");
        Thread.sleep(200);
        assertThat(producer.history()).as("no fourth try").hasSize(4);
    }

    @Test
    void whatCannotPassIsNotTriedAgain() throws Exception {
        sink.send(batches.add("app", "m0", "topic", "k").take());
        answer(() -> producer.errorNext(new InvalidTopicException("topic")));
        Thread.sleep(200);
        assertThat(producer.history()).hasSize(1);
        assertThat(settled.reason(0, 0)).isEqualTo(Failure.Reason.INVALID_TOPIC);
        assertThat(retries()).isZero();
    }
}
