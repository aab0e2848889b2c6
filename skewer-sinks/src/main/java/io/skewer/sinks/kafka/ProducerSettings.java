package io.skewer.sinks.kafka;

import io.skewer.core.config.KafkaDestination;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Makes producers as the configuration and the promises of skewer want them. */
final class ProducerSettings {
    /** Handing over a record never blocks: a topic that nobody knows must not hold up the others. */
    static final Duration MAX_BLOCK = Duration.ZERO;

    /** Topics that a sender invented are forgotten soon. */
    private static final Duration TOPIC_IDLE = Duration.ofMinutes(1);

    private static final Duration LONGEST_BACKOFF = Duration.ofSeconds(10);
    private static final Duration LONGEST_RECONNECT = Duration.ofSeconds(2);

    private ProducerSettings() {}

    static Producer<byte[], byte[]> newProducer(KafkaDestination kafka) {
        return new KafkaProducer<>(of(kafka), new ByteArraySerializer(), new ByteArraySerializer());
    }

    static Map<String, Object> of(KafkaDestination kafka) {
        Map<String, Object> all = new HashMap<>();
        all.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, kafka.brokers());
        all.put(ProducerConfig.CLIENT_ID_CONFIG, kafka.clientId());
        all.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, kafka.compression());
        all.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, kafka.messageBytesMax());
        all.put(ProducerConfig.BATCH_SIZE_CONFIG, kafka.flushBytes());
        all.put(ProducerConfig.LINGER_MS_CONFIG, kafka.flushFrequency().toMillis());
        all.put(ProducerConfig.BUFFER_MEMORY_CONFIG, kafka.bufferMemory());
        all.put(ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION, kafka.maxOpenRequests());
        all.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, milliseconds(kafka.requestTimeout()));
        all.put(ProducerConfig.RETRY_BACKOFF_MS_CONFIG, kafka.retrySendBackoff().toMillis());
        all.put(ProducerConfig.RETRY_BACKOFF_MAX_MS_CONFIG, LONGEST_BACKOFF.toMillis());
        all.put(
                ProducerConfig.RECONNECT_BACKOFF_MS_CONFIG,
                kafka.retrySendBackoff().toMillis());
        all.put(ProducerConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG, LONGEST_RECONNECT.toMillis());
        all.put(
                ProducerConfig.METADATA_MAX_AGE_CONFIG,
                kafka.metadataRefreshFrequency().toMillis());
        all.put(ProducerConfig.METADATA_MAX_IDLE_CONFIG, TOPIC_IDLE.toMillis());
        all.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, MAX_BLOCK.toMillis());
        // A record ends with a broker's answer, never with a time-out.
        all.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        all.put(ProducerConfig.ACKS_CONFIG, "all");
        all.put(ProducerConfig.RETRIES_CONFIG, Integer.MAX_VALUE);
        all.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, Integer.MAX_VALUE);
        // Nothing goes to the brokers but what the operator sends.
        all.put(ProducerConfig.ENABLE_METRICS_PUSH_CONFIG, false);
        return all;
    }

    private static int milliseconds(Duration duration) {
        return Math.toIntExact(Math.min(Integer.MAX_VALUE / 2, duration.toMillis()));
    }
}
