package io.skewer.core.config;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Sections and keys that files written for earlier programs may hold, with what to do about each. */
final class GoneKeys {
    private static final String LATER = "not built into this version yet";
    private static final String NO_TLS = "TLS is " + LATER + "; remove the key";
    private static final String NO_SCRIPT = "JavaScript is " + LATER + "; use topic_tmpl and partition_key_tmpl";

    /** For trees that are not files of operators. */
    static final GoneKeys NONE = new GoneKeys(Map.of());

    private final Map<String, String> sentences;

    private GoneKeys(Map<String, String> sentences) {
        this.sentences = sentences;
    }

    /** What to say about a key ({@code section} empty: about a section) that is not known; nothing when it never existed. */
    Optional<String> sentence(String section, String name) {
        String exact = sentences.get(section.isEmpty() ? name : section + "." + name);
        if (exact != null) {
            return Optional.of(exact);
        }
        boolean inSource = section.endsWith("_source");
        boolean inDestination = section.endsWith("_destination");
        return Optional.ofNullable(
                inSource || inDestination ? sentences.get((inSource ? "*_source." : "*_destination.") + name) : null);
    }

    /** The table for {@code skewer.toml}. */
    static GoneKeys ofFiles() {
        Map<String, String> table = new HashMap<>();
        addSections(table);
        for (String key : new String[] {
            "tls_enabled", "ca_file", "ca_path", "cert_file", "key_file", "client_auth_type", "insecure"
        }) {
            table.put("*_source." + key, NO_TLS);
            table.put("*_destination." + key, NO_TLS);
        }
        for (String key : new String[] {
            "topic_function", "topic_func", "partition_key_func", "partition_number_func", "filter_func"
        }) {
            table.put("*_source." + key, NO_SCRIPT);
        }
        table.put("*_source.w3c_fields", "the format w3c is " + LATER);
        table.put("*_source.encoding", "gone: use charset");
        table.put("*_source.dont_parse_structured_data", "gone: structured data is always kept");
        table.put(
                "main.input_queue_size",
                "gone: memory is bounded by bytes; use max_input_message_size and batch_delay");
        table.put("main.direct_relp", "gone: it never had a meaning");
        table.put("store.max_table_size", "gone: the store is a log of segments; use segment_size");
        table.put("store.value_log_file_size", "gone: the store is a log of segments; use segment_size");
        table.put("store.batch_size", "gone: batches are bounded by bytes and by main.batch_delay");
        table.put("store.dirname", "gone: use the option --store of skewer serve");
        table.put("relp_source.line_framing", "gone: RELP frames carry their length");
        table.put("relp_source.delimiter", "gone: RELP frames carry their length");
        for (String key : new String[] {"keepalive", "keepalive_period", "timeout"}) {
            table.put("udp_source." + key, "gone: UDP has no connections");
        }
        addKafka(table);
        table.put(
                "file_destination.sync_period",
                "gone: use sync, which waits for the disk before messages count as delivered");
        table.put("file_destination.open_files_cache", "gone: use open_files_max");
        return new GoneKeys(table);
    }

    private static void addSections(Map<String, String> table) {
        for (String section : new String[] {
            "directrelp_source",
            "graylog_source",
            "fs_source",
            "httpserver_source",
            "kafka_source",
            "journald",
            "accounting",
            "macos",
            "parser",
            "consul",
            "udp_destination",
            "tcp_destination",
            "relp_destination",
            "http_destination",
            "httpserver_destination",
            "websocketserver_destination",
            "nats_destination",
            "graylog_destination",
            "elasticsearch_destination",
            "redis_destination"
        }) {
            table.put(section, LATER + "; remove the section");
        }
        table.put("syslog", "gone: use [[tcp_source]], [[udp_source]] or [[relp_source]]");
        table.put("kafka", "gone: use [kafka_destination]");
    }

    private static void addKafka(Map<String, String> table) {
        String kafka = "kafka_destination.";
        table.put(kafka + "version", "gone: client and brokers agree on the version by themselves");
        table.put(kafka + "channel_buffer_size", "gone: use buffer_memory");
        for (String key : new String[] {"dial_timeout", "read_timeout", "write_timeout", "producer_timeout"}) {
            table.put(kafka + key, "gone: use request_timeout");
        }
        table.put(kafka + "keepalive", "gone: connections to brokers are opened again when they fail");
        table.put(
                kafka + "metadata_retry_max",
                "gone: retries never end, because a message only leaves on a broker's answer");
        table.put(kafka + "metadata_retry_backoff", "gone: use retry_send_backoff");
        table.put(kafka + "required_acks", "gone: all replicas in sync must have a message before it leaves the store");
        table.put(
                kafka + "partitioner", "gone: the key decides about the partition; choose it with partition_key_tmpl");
        table.put(kafka + "flush_messages", "gone: use flush_bytes and flush_frequency");
        table.put(kafka + "flush_messages_max", "gone: use flush_bytes and flush_frequency");
        table.put(
                kafka + "retry_send_max",
                "gone: use max_attempts for what brokers refuse; what they do not answer is repeated without end");
    }
}
