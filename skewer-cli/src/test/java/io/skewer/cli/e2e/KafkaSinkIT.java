package io.skewer.cli.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.skewer.cli.quickstart.KafkaBroker;
import io.skewer.core.config.KafkaDestination;
import io.skewer.core.encode.Encoders;
import io.skewer.core.measure.Measures;
import io.skewer.core.measure.Sample;
import io.skewer.sinks.Batches;
import io.skewer.sinks.Delivery;
import io.skewer.sinks.Failure;
import io.skewer.sinks.Settled;
import io.skewer.sinks.kafka.KafkaSink;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The Kafka sink alone against a real broker: what a daemon cannot be made to do at will. */
@Timeout(180)
class KafkaSinkIT {
    /** More than may wait for another try. */
    private static final int TOO_MANY_TO_WAIT = 5_000;

    private final Settled settled = new Settled();
    private final Batches batches = new Batches();
    private KafkaBroker broker;
    private KafkaSink sink;

    @BeforeEach
    void prepare() throws Exception {
        broker = KafkaBroker.prepare(Map.of("auto.create.topics.enable", "true", "message.max.bytes", "200000"));
        sink = new KafkaSink(settings(broker.address()), Encoders.of("file", false), settled, new Measures());
    }

    @AfterEach
    void end() throws Exception {
        sink.close();
        broker.close();
    }

    private static KafkaDestination settings(String address) {
        return settings(address, 4);
    }

    private static KafkaDestination settings(String address, int attempts) {
        return new KafkaDestination(
                List.of(address),
                "skewer-test",
                "json",
                "lz4",
                1_000_000,
                65_536,
                Duration.ofMillis(5),
                32 << 20,
                5,
                Duration.ofSeconds(30),
                Duration.ofMillis(100),
                attempts,
                Duration.ofMinutes(5));
    }

    @Test
    void everythingArrivesInOrderPerKeyAndSettlesInOneCallPerBatch() throws Exception {
        broker.start();
        for (int batch = 0; batch < 20; batch++) {
            for (int i = 0; i < 500; i++) {
                int number = batch * 500 + i;
                batches.add("app", "n " + number, "topic-a", "key-" + number % 7);
            }
            sink.send(batches.take());
        }
        assertThat(settled.await(10_000, 90)).isEqualTo(10_000);
        assertThat(settled.calls()).hasSize(20).allMatch(call -> call.endsWith(":0-500"));
        List<ConsumerRecord<byte[], byte[]>> read = read("topic-a", 10_000);
        assertOrderPerKey(read);
        assertThat(read).extracting(ConsumerRecord::timestamp).containsOnly(1_528_624_800_123L);
        assertThat(numbers(read))
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.range(0, 10_000).boxed().toList());
    }

    @Test
    void aBrokerKilledAndRestartedLosesNothing() throws Exception {
        broker.start();
        Thread disaster = Thread.ofPlatform().start(() -> {
            try {
                settled.await(2_000, 30);
                broker.kill();
                Thread.sleep(3_000);
                broker.start();
            } catch (Exception cause) {
                throw new IllegalStateException(cause);
            }
        });
        int total = 60_000;
        for (int number = 0; number < total; number++) {
            batches.add("app", "n " + number, "topic-b", "key-" + number % 7);
            if (number % 500 == 499) {
                sink.send(batches.take());
                Thread.sleep(2);
            }
        }
        disaster.join();
        assertThat(settled.await(total, 60)).isEqualTo(total);
        List<ConsumerRecord<byte[], byte[]>> firstDeliveries = new ArrayList<>();
        boolean[] seen = new boolean[total];
        int twice = 0;
        for (ConsumerRecord<byte[], byte[]> record : read("topic-b", total)) {
            if (seen[number(record)]) {
                twice++;
            } else {
                firstDeliveries.add(record);
            }
            seen[number(record)] = true;
        }
        assertThat(firstDeliveries).hasSize(total);
        assertOrderPerKey(firstDeliveries);
        assertThat(twice).as("what was on its way at the crash").isLessThan(total / 4);
    }

    @Test
    void aBrokerThatComesLateGetsEverythingAndNothingSettlesBefore() throws Exception {
        batches.add("app", "n 0", "topic-c", "k").add("app", "n 1", "topic-c", "k");
        Thread sender = Thread.ofPlatform().start(() -> {
            try {
                sink.send(batches.take());
            } catch (InterruptedException cause) {
                throw new IllegalStateException(cause);
            }
        });
        sender.join(2_500);
        assertThat(sender.isAlive()).as("send waits for a broker").isTrue();
        assertThat(settled.count()).isZero();
        broker.start();
        assertThat(settled.await(2, 30)).isEqualTo(2);
        assertThat(numbers(read("topic-c", 2))).containsExactly(0, 1);
    }

    @Test
    void aSenderThatWaitsForABrokerCanBeInterrupted() throws Exception {
        batches.add("app", "n 0", "topic-c", "k");
        boolean[] interrupted = {false};
        Thread sender = Thread.ofPlatform().start(() -> {
            try {
                sink.send(batches.take());
            } catch (InterruptedException expected) {
                interrupted[0] = true;
            }
        });
        Thread.sleep(1_500);
        sender.interrupt();
        sender.join(5_000);
        assertThat(interrupted[0]).isTrue();
        assertThat(settled.count()).isZero();
    }

    @Test
    void aMessageTooLargeFailsAndTheOthersArrive() throws Exception {
        broker.start();
        String noise = noise(2_000_000);
        batches.add("app", "n 0", "topic-d", "k");
        batches.add("app", noise, "topic-d", "k");
        batches.add("app", noise.substring(0, 600_000), "topic-d", "k");
        batches.add("app", "n 3", "topic-d", "k").add("app", "n 4", "", "");
        sink.send(batches.take());
        assertThat(settled.await(3, 30)).isEqualTo(3);
        assertThat(settled.failures(0)).hasSize(2);
        assertThat(settled.reason(0, 1)).as("the producer's limit").isEqualTo(Failure.Reason.TOO_LARGE);
        assertThat(settled.reason(0, 2)).as("the broker's limit").isEqualTo(Failure.Reason.TOO_LARGE);
        assertThat(settled.calls()).containsExactly("0:0-1", "0:3-5");
        assertThat(numbers(read("topic-d", 2))).containsExactly(0, 3);
        assertThat(numbers(read("default-topic", 1)))
                .as("no topic in the record")
                .containsExactly(4);
    }

    @Test
    void aTopicThatCannotBeFailsAloneAndASecondMessageToItCostsNoTime() throws Exception {
        broker.close();
        broker = KafkaBroker.prepare(Map.of("auto.create.topics.enable", "false"));
        sink.close();
        sink = new KafkaSink(settings(broker.address()), Encoders.of("file", false), settled, new Measures());
        broker.start();
        batches.add("app", "n 0", "no-such-topic", "k");
        sink.send(batches.take());
        assertThat(settled.awaitFailures(1, 60)).isEqualTo(1);
        assertThat(settled.reason(0, 0)).isEqualTo(Failure.Reason.INVALID_TOPIC);
        assertThat(settled.attempts(0, 0)).isEqualTo(4);
        long start = System.nanoTime();
        batches.add("app", "n 1", "no-such-topic", "k").add("app", "n 2", "bad topic!", "k");
        sink.send(batches.take());
        assertThat(settled.awaitFailures(3, 30)).isEqualTo(3);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
        assertThat(settled.failures(1)).hasSize(2);
    }

    @Test
    void topicsThatASenderInventsDoNotHoldUpTheOthers() throws Exception {
        broker.close();
        broker = KafkaBroker.prepare(Map.of("auto.create.topics.enable", "false"));
        sink.close();
        sink = new KafkaSink(settings(broker.address()), Encoders.of("file", false), settled, new Measures());
        broker.start();
        createTopic("topic-f");
        int invented = 2_000;
        for (int i = 0; i < invented; i++) {
            batches.add("app", "n 0", "invented-" + i, "k").add("app", "n " + i, "topic-f", "k");
        }
        long start = System.nanoTime();
        sink.send(batches.take());
        // With a wait for each of them this would take half an hour.
        assertThat(settled.awaitFailures(invented, 120)).isEqualTo(invented);
        assertThat(settled.await(invented, 60)).isEqualTo(invented);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofMinutes(2));
        assertThat(numbers(read("topic-f", invented)))
                .as("the others, in their order")
                .isEqualTo(IntStream.range(0, invented).boxed().toList());
    }

    @Test
    void moreMessagesThanMayWaitDoNotGiveUpATopicThatTheBrokerMakes() throws Exception {
        broker.start();
        int count = 2 * TOO_MANY_TO_WAIT;
        for (int i = 0; i < count; i++) {
            batches.add("app", "n " + i, "made-at-first-message", "k");
        }
        sink.send(batches.take());
        assertThat(settled.await(count, 60)).isEqualTo(count);
        assertThat(settled.failures(0)).isEmpty();
        assertThat(numbers(read("made-at-first-message", count)))
                .isEqualTo(IntStream.range(0, count).boxed().toList());
    }

    @Test
    void brokersThatGoAwayRefuseNothing() throws Exception {
        broker.close();
        broker = KafkaBroker.prepare(Map.of("auto.create.topics.enable", "false"));
        sink.close();
        Measures measures = new Measures();
        sink = new KafkaSink(settings(broker.address(), 6), Encoders.of("file", false), settled, measures);
        broker.start();
        createTopic("topic-h");
        batches.add("app", "n 0", "not-there", "k").add("app", "n 1", "topic-h", "k");
        sink.send(batches.take());
        while (retries(measures) == 0) {
            Thread.sleep(1);
        }
        TestDaemon.signal(broker.process(), "STOP");
        assertThat(settled.awaitFailures(1, 10))
                .as("what it said before it went is not said again")
                .isZero();
        TestDaemon.signal(broker.process(), "CONT");
        assertThat(settled.awaitFailures(1, 60)).isEqualTo(1);
        assertThat(settled.attempts(0, 0)).isEqualTo(6);
        assertThat(settled.await(1, 60)).isEqualTo(1);
    }

    @Test
    void aTopicThatIsMadeWhileItsMessagesWaitGetsThemInOrder() throws Exception {
        broker.close();
        broker = KafkaBroker.prepare(Map.of("auto.create.topics.enable", "false"));
        sink.close();
        sink = new KafkaSink(settings(broker.address(), 1000), Encoders.of("file", false), settled, new Measures());
        broker.start();
        createTopic("topic-g");
        batches.add("app", "n 0", "late", "k").add("app", "n 0", "topic-g", "k");
        sink.send(batches.take());
        batches.add("app", "n 1", "late", "k").add("app", "n 2", "late", "k");
        sink.send(batches.take());
        createTopic("late");
        assertThat(settled.await(4, 60)).isEqualTo(4);
        assertThat(numbers(read("late", 3))).containsExactly(0, 1, 2);
    }

    @Test
    void recordsBeforeTheFirstOneOpenAreNotSentAgain() throws Exception {
        broker.start();
        batches.add("app", "n 0", "topic-e", "k")
                .add("app", "n 1", "topic-e", "k")
                .add("app", "n 2", "topic-e", "k");
        byte[] batch = batches.take().batch();
        sink.send(new Delivery(7, 2, batch));
        assertThat(settled.await(1, 30)).isEqualTo(1);
        assertThat(settled.calls()).containsExactly("7:2-3");
        assertThat(numbers(read("topic-e", 1))).containsExactly(2);
    }

    private void createTopic(String topic) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.address()))) {
            admin.createTopics(List.of(new NewTopic(topic, 1, (short) 1))).all().get();
        }
    }

    private static double retries(Measures measures) {
        return measures.snapshot().stream()
                .filter(sample -> sample.name().equals("skewer_retries_total"))
                .mapToDouble(Sample::value)
                .sum();
    }

    private static String noise(int length) {
        java.util.Random random = new java.util.Random(1);
        StringBuilder text = new StringBuilder(length);
        for (int i = 0; i < length; i++) {
            text.append((char) ('!' + random.nextInt(90)));
        }
        return text.toString();
    }

    private List<ConsumerRecord<byte[], byte[]>> read(String topic, int atLeast) {
        Map<String, Object> settings = Map.of("bootstrap.servers", broker.address(), "auto.offset.reset", "earliest");
        List<ConsumerRecord<byte[], byte[]>> all = new ArrayList<>();
        try (var consumer = new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<PartitionInfo> partitions = consumer.partitionsFor(topic);
            consumer.assign(partitions.stream()
                    .map(p -> new TopicPartition(topic, p.partition()))
                    .toList());
            consumer.seekToBeginning(consumer.assignment());
            long end = System.nanoTime() + 20_000_000_000L;
            boolean more = true;
            while (more && System.nanoTime() - end < 0) {
                var polled = consumer.poll(Duration.ofMillis(500));
                polled.forEach(all::add);
                more = all.size() < atLeast || !polled.isEmpty();
            }
        }
        return all;
    }

    private static List<Integer> numbers(List<ConsumerRecord<byte[], byte[]>> records) {
        return records.stream().map(KafkaSinkIT::number).toList();
    }

    private static int number(ConsumerRecord<byte[], byte[]> record) {
        String text = new String(record.value(), StandardCharsets.UTF_8);
        return Integer.parseInt(text.substring(text.lastIndexOf(' ') + 1));
    }

    private static void assertOrderPerKey(List<ConsumerRecord<byte[], byte[]>> records) {
        Map<String, Integer> last = new java.util.HashMap<>();
        for (ConsumerRecord<byte[], byte[]> record : records) {
            String key = new String(record.key(), StandardCharsets.UTF_8);
            Integer before = last.put(key, number(record));
            assertThat(before == null || before < number(record))
                    .as("order of %s", key)
                    .isTrue();
        }
    }
}
