package io.skewer.cli.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.skewer.cli.quickstart.KafkaBroker;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Every compression of the Kafka producer in the sealed forwarder: its native libraries are loaded before the seal or never, and need a
 * file to be unpacked into unless they are found where the distribution has them.
 */
class KafkaCompressionIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String SENDER = "a";
    private static final int MESSAGES = 5_000;

    // Of a record batch, as the Kafka documentation (Message Format) has it: base offset, length, leader epoch, magic,
    // CRC, attributes.
    private static final int LENGTH_OFFSET = 8;
    private static final int BATCH_HEAD_BYTES = 12;
    private static final int ATTRIBUTES_OFFSET = 21;
    private static final int CODEC_MASK = 7;
    private static final List<String> CODECS = List.of("none", "gzip", "snappy", "lz4", "zstd");

    @TempDir
    static Path data;

    private static KafkaBroker broker;

    @TempDir
    Path directory;

    @BeforeAll
    static void start() throws Exception {
        broker = KafkaBroker.prepare(Map.of("log.dirs", data.toString())).start();
    }

    @AfterAll
    static void end() throws Exception {
        broker.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "gzip", "snappy", "lz4", "zstd"})
    void aConfinedForwarderCompressesAndAConsumerReadsItBack(String compression) throws Exception {
        DaemonSetup setup = new DaemonSetup(directory).kafka(broker.address(), compression);
        try (TestDaemon daemon =
                setup.sections("compression = \"" + compression + "\"").start()) {
            TcpSender.sendAll(daemon.tcpPort, MESSAGES, SENDER);
            daemon.await("all to be delivered", () -> daemon.metric("skewer_delivered_messages_total") >= MESSAGES);
            try (TopicHistory topic = new TopicHistory(broker.address(), compression)) {
                assertThat(topic.awaitMessages(MESSAGES, PATIENCE).faults(MESSAGES, SENDER))
                        .isEmpty();
            }
            assertThat(daemon.log())
                    .contains("in_force=namespaces,landlock,seccomp")
                    .doesNotContain("call_refused");
            assertThat(daemon.metric("skewer_process_restarts_total")).isZero();
        }
        assertThat(compressionsOnDisk(compression)).containsExactly(compression);
    }

    /** What the producer chose: the broker keeps batches as they came. */
    private static Set<String> compressionsOnDisk(String topic) throws IOException {
        List<Path> segments;
        try (Stream<Path> files = Files.walk(data)) {
            segments = files.filter(
                            file -> file.getParent().getFileName().toString().matches(topic + "-\\d+"))
                    .filter(file -> file.toString().endsWith(".log"))
                    .toList();
        }
        Set<String> names = new TreeSet<>();
        for (Path segment : segments) {
            ByteBuffer batches = ByteBuffer.wrap(Files.readAllBytes(segment));
            for (int at = 0; at < batches.limit(); at += BATCH_HEAD_BYTES + batches.getInt(at + LENGTH_OFFSET)) {
                names.add(CODECS.get(batches.getShort(at + ATTRIBUTES_OFFSET) & CODEC_MASK));
            }
        }
        return names;
    }
}
