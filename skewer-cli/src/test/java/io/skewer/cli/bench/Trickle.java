package io.skewer.cli.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** A hundred messages a second over one connection, each timed from its write to its arrival at a consumer of the topic. */
final class Trickle {
    private static final int WARM_UP = 300;
    private static final int MESSAGES = 1000;
    private static final long INTERVAL_NS = 10_000_000;
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final String MARK = "trickle=";
    private static final int DIGITS = 6;

    private final Session session;
    private final long[] sentNs = new long[WARM_UP + MESSAGES];
    private final long[] tookNs = new long[WARM_UP + MESSAGES];

    private Trickle(Session session) {
        this.session = session;
    }

    static Measurement measure(Session session) throws IOException, InterruptedException {
        return new Trickle(session).measure();
    }

    private Measurement measure() throws IOException, InterruptedException {
        ProcessTree tree = session.tree();
        Thread receiver = Thread.ofPlatform().start(this::receive);
        // The consumer has to have found its topic before the first message counts.
        Thread.sleep(2000);
        Map<String, Double> cpuBefore = Map.of();
        long beginNs = 0;
        try (SocketChannel channel = SocketChannel.open(new InetSocketAddress(
                InetAddress.getLoopbackAddress(), session.place().tcp()))) {
            long startNs = System.nanoTime();
            for (int i = 0; i < sentNs.length; i++) {
                if (i == WARM_UP) {
                    cpuBefore = tree.cpuSeconds();
                    beginNs = System.nanoTime();
                }
                waitUntil(startNs + i * INTERVAL_NS);
                ByteBuffer message = message(i);
                sentNs[i] = System.nanoTime();
                while (message.hasRemaining()) {
                    channel.write(message);
                }
            }
        }
        double cpu = ProcessTree.sum(tree.cpuSecondsSince(cpuBefore));
        double seconds = (System.nanoTime() - beginNs) / 1e9;
        receiver.join();
        long[] sorted = Arrays.stream(tookNs)
                .skip(WARM_UP)
                .filter(took -> took > 0)
                .sorted()
                .toArray();
        if (sorted.length == 0) {
            throw new IOException("no message has come");
        }
        return session.measurement()
                .with(Column.P50_MS, sorted[sorted.length / 2] / 1e6)
                .with(Column.P99_MS, sorted[sorted.length * 99 / 100] / 1e6)
                .with(Column.LOST, 100.0 * (MESSAGES - sorted.length) / MESSAGES)
                .with(Column.CPU_PERCENT, 100 * cpu / seconds)
                .with(Column.BUSY_PSS, ProcessTree.sum(tree.pssMiB()));
    }

    private static void waitUntil(long dueNs) {
        for (long left = dueNs - System.nanoTime(); left > 0; left = dueNs - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }

    private static ByteBuffer message(int number) {
        String text = "<165>1 " + Instant.now() + " host trickle 4242 - - " + MARK
                + String.valueOf(1_000_000 + number).substring(1) + " the quick brown fox jumps over the lazy dog\n";
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
    }

    private void receive() {
        Map<String, Object> settings = Map.of(
                "bootstrap.servers",
                session.place().broker(),
                "key.deserializer",
                ByteArrayDeserializer.class,
                "value.deserializer",
                ByteArrayDeserializer.class,
                "auto.offset.reset",
                "earliest");
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(settings)) {
            consumer.assign(((Arrivals.Records) session.arrivals()).partitions());
            int got = 0;
            long endNs = System.nanoTime() + sentNs.length * INTERVAL_NS + PATIENCE.toNanos();
            while (got < sentNs.length && System.nanoTime() < endNs) {
                for (ConsumerRecord<byte[], byte[]> one : consumer.poll(Duration.ofMillis(100))) {
                    got += took(one.value(), System.nanoTime()) ? 1 : 0;
                }
            }
        }
    }

    private boolean took(byte[] value, long nowNs) {
        String text = new String(value, StandardCharsets.UTF_8);
        int at = text.indexOf(MARK);
        if (at < 0) {
            return false;
        }
        int number = Integer.parseInt(text, at + MARK.length(), at + MARK.length() + DIGITS, 10);
        tookNs[number] = nowNs - sentNs[number];
        return true;
    }
}
