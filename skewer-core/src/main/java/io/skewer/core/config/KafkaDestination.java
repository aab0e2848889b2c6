package io.skewer.core.config;

import java.time.Duration;
import java.util.List;

/** {@code [kafka_destination]}. TLS and SASL are not built yet. */
public record KafkaDestination(
        @Setting(value = "[\"localhost:9092\"]", about = "Brokers to ask first, host:port.")
        List<String> brokers,

        @Setting(value = "\"skewer\"", about = "Name under which the brokers see this client.")
        String clientId,

        @Setting(
                value = "\"json\"",
                oneOf = {"json", "fulljson", "rfc5424", "rfc3164", "file"},
                about = "Format of the record values.")
        String format,

        @Setting(
                value = "\"lz4\"",
                oneOf = {"none", "gzip", "snappy", "lz4", "zstd"},
                about = "Compression of the record batches.")
        String compression,

        @Setting(
                value = "1000000",
                size = true,
                min = 1024,
                max = 512 * 1024 * 1024,
                about = "Largest request in bytes; a message that cannot fit goes to the dead letters.")
        int messageBytesMax,

        @Setting(
                value = "65536",
                size = true,
                min = 0,
                max = 16 * 1024 * 1024,
                about = "Records of one partition are sent together up to so many bytes.")
        int flushBytes,

        @Setting(value = "\"5ms\"", min = 0, about = "How long a record may wait for others of its partition.")
        Duration flushFrequency,

        @Setting(
                value = "33554432",
                size = true,
                min = 1024 * 1024,
                max = 1L << 31,
                about = "Memory in bytes for records on their way to the brokers.")
        long bufferMemory,

        @Setting(
                value = "5",
                min = 1,
                max = 5,
                about = "Requests on their way to one broker at a time; order is kept up to 5.")
        int maxOpenRequests,

        @Setting(
                value = "\"30s\"",
                min = 1_000_000,
                about = "How long a broker may take to answer before the request is repeated.")
        Duration requestTimeout,

        @Setting(
                value = "\"100ms\"",
                min = 1_000_000,
                about = "First pause before a repetition; it grows up to ten seconds.")
        Duration retrySendBackoff,

        @Setting(
                value = "8",
                min = 1,
                max = 16, // more would take longer than the time after which a batch counts as stalled
                about =
                        "How often a message is tried that brokers refuse though they may take it later, before it goes to the dead letters: no such topic or partition, not allowed, a policy. Brokers that do not answer are waited for without end.")
        int maxAttempts,

        @Setting(value = "\"5m\"", min = 1_000_000_000, about = "How often the layout of the cluster is asked for.")
        Duration metadataRefreshFrequency) {
    public KafkaDestination {
        brokers = List.copyOf(brokers);
    }
}
