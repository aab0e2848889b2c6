package io.skewer.cli.e2e;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Reads a topic of a real broker from its beginning into a {@link History}. Used by one thread. */
final class TopicHistory implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration QUIET = Duration.ofSeconds(1);

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final History history = new History();

    /** Makes the topic when it is not there. */
    TopicHistory(String broker, String topic) {
        consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", broker, "enable.auto.commit", false),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                .map(partition -> new TopicPartition(topic, partition.partition()))
                .toList();
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
    }

    /** Reads until so many distinct messages were seen, or nothing new came for {@code patience}; then what is left. */
    History awaitMessages(int count, Duration patience) {
        long endNs = System.nanoTime() + patience.toNanos();
        while (history.distinct() < count && System.nanoTime() < endNs) {
            if (poll() > 0) {
                endNs = System.nanoTime() + patience.toNanos();
            }
        }
        // What is there twice comes after what is there once.
        long quietSinceNs = System.nanoTime();
        while (System.nanoTime() - quietSinceNs < QUIET.toNanos()) {
            if (poll() > 0) {
                quietSinceNs = System.nanoTime();
            }
        }
        return history;
    }

    private int poll() {
        var records = consumer.poll(POLL);
        for (ConsumerRecord<byte[], byte[]> record : records) {
            history.saw(new String(record.value(), StandardCharsets.UTF_8));
        }
        return records.count();
    }

    @Override
    public void close() {
        consumer.close();
    }
}
