package io.skewer.core.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Lists every default once more: who changes one has to change it here too, where a reviewer sees it. */
class DefaultsTest {
    static List<String> defaultsOf(Class<?> section) {
        List<String> lines = new ArrayList<>();
        for (Shape.Key key : new Shape(section).flatKeys()) {
            lines.add(key.name() + " = "
                    + java.util.Objects.requireNonNull(key.setting(), key.name())
                            .value());
        }
        return lines;
    }

    private static String[] lines(String text) {
        return text.lines().toArray(String[]::new);
    }

    private static final String LISTENING = """
            ports = []
            bind_addr = "127.0.0.1"
            unix_socket_path = ""
            unix_socket_mode = "0600"
            """;

    private static final String CONNECTIONS = """
            keepalive = true
            keepalive_period = "75s"
            timeout = "0s"
            max_connections = 10000
            """;

    private static final String DECODING_AND_ROUTING = """
            format = "auto"
            charset = "utf8"
            time_zone = "UTC"
            keep_raw = false
            topic_tmpl = "topic-{{.AppName}}"
            partition_key_tmpl = "partition-{{.HostName}}"
            """;

    @Test
    void ofTheSources() {
        assertThat(defaultsOf(TcpSource.class))
                .containsExactly(lines(LISTENING + CONNECTIONS + DECODING_AND_ROUTING + """
                line_framing = false
                delimiter = "\\n"
                """));
        assertThat(defaultsOf(UdpSource.class)).containsExactly(lines(LISTENING + DECODING_AND_ROUTING + """
                receive_buffer_size = 8388608
                """));
        assertThat(defaultsOf(RelpSource.class))
                .containsExactly(lines(LISTENING + CONNECTIONS + DECODING_AND_ROUTING + """
                window_size = 1024
                """));
        assertThat(TcpSource.DEFAULT_PORT).isEqualTo(1514);
        assertThat(UdpSource.DEFAULT_PORT).isEqualTo(1514);
        assertThat(RelpSource.DEFAULT_PORT).isEqualTo(2514);
    }

    @Test
    void ofTheGlobalSections() {
        assertThat(defaultsOf(MainSection.class)).containsExactly(lines("""
                max_input_message_size = 65536
                destination = "stderr"
                encrypt_ipc = true
                batch_delay = "5ms"
                stop_timeout = "10s"
                """));
        assertThat(defaultsOf(StoreSection.class)).containsExactly(lines("""
                fsync = true
                secret = ""
                old_secrets = []
                segment_size = 67108864
                max_size = 0
                min_free = 67108864
                policy = "block"
                recovery = "salvage"
                add_missing_msgid = true
                """));
        assertThat(defaultsOf(MetricsSection.class)).containsExactly(lines("""
                path = "/metrics"
                port = 8080
                """));
    }

    @Test
    void ofTheDestinations() {
        assertThat(defaultsOf(KafkaDestination.class)).containsExactly(lines("""
                brokers = ["localhost:9092"]
                client_id = "skewer"
                format = "json"
                compression = "lz4"
                message_bytes_max = 1000000
                flush_bytes = 65536
                flush_frequency = "5ms"
                buffer_memory = 33554432
                max_open_requests = 5
                request_timeout = "30s"
                retry_send_backoff = "100ms"
                max_attempts = 8
                metadata_refresh_frequency = "5m"
                """));
        assertThat(defaultsOf(FileDestination.class)).containsExactly(lines("""
                filename = "/var/log/skewer/{{.Date}}/{{.AppName}}.log"
                format = "file"
                sync = false
                flush_period = "1s"
                buffer_size = 65536
                open_file_timeout = "1m"
                open_files_max = 128
                gzip = false
                gzip_level = 5
                """));
        assertThat(defaultsOf(StderrDestination.class)).containsExactly(lines("format = \"fulljson\""));
        assertThat(defaultsOf(ConfinementSection.class)).containsExactly(lines("absent = []"));
    }

    @Test
    void noSectionIsForgotten() {
        assertThat(new Shape(SkewerConfig.class).components().stream().map(Shape.Key::name))
                .containsExactly(
                        "main",
                        "store",
                        "metrics",
                        "tcp_source",
                        "udp_source",
                        "relp_source",
                        "kafka_destination",
                        "file_destination",
                        "stderr_destination",
                        "confinement");
    }

    @Test
    void theRecordsHoldTheseDefaults() {
        SkewerConfig config = ConfigReader.defaults();
        assertThat(config.main().destinations()).containsExactly("stderr");
        assertThat(config.kafkaDestination().requestTimeout()).hasSeconds(30);
        assertThat(config.tcpSource()).isEmpty();
    }
}
