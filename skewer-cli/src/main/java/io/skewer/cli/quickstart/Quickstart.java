package io.skewer.cli.quickstart;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.Deque;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * A first look: starts a Kafka broker and the daemon, sends a handful of messages over TCP, UDP and RELP, and prints what a consumer
 * reads back, with the delay from sending to reading.
 */
public final class Quickstart {
    private static final String TOPIC = "quickstart";
    private static final int SAMPLES_PER_SENDER = 3;
    private static final Duration BROKER_PATIENCE = Duration.ofSeconds(60);
    private static final Duration DAEMON_PATIENCE = Duration.ofSeconds(30);
    private static final Duration POLL = Duration.ofMillis(100);

    private final QuickstartOptions options;
    private final PrintWriter out;
    private final PrintWriter err;
    private final Deque<Runnable> undo = new ConcurrentLinkedDeque<>();

    /** @param out takes the messages read back, and nothing else */
    public Quickstart(QuickstartOptions options, PrintWriter out, PrintWriter err) {
        this.options = options;
        this.out = out;
        this.err = err;
    }

    /** Returns 0 when the wanted number of messages was read back, 1 when something failed or time was up. */
    public int run() throws InterruptedException {
        long endNs = System.nanoTime() + options.timeout().toNanos();
        try {
            requirePortsFree();
            Path directory = Files.createTempDirectory("skewer-quickstart");
            undo.addFirst(() -> delete(directory));
            // An interrupt (Ctrl-C) ends this JVM without unwinding the stack: whatever was started must end with it,
            // last things first.
            Runtime.getRuntime().addShutdownHook(new Thread(() -> undo.forEach(Runnable::run), "quickstart-cleanup"));
            return runIn(directory, endNs);
        } catch (IOException cause) {
            if (isTimeUp(endNs)) {
                sayTimeIsUp(0);
            } else {
                say(String.valueOf(cause.getMessage()));
            }
            return 1;
        }
    }

    private boolean isTimeUp(long endNs) {
        return options.messages() > 0 && System.nanoTime() - endNs > 0;
    }

    private void sayTimeIsUp(int read) {
        say("only " + read + " of " + options.messages() + " messages came back within "
                + options.timeout().toSeconds() + " s");
    }

    /** No longer than the time that is left, when that is limited. */
    private Duration within(Duration patience, long endNs) {
        Duration left = Duration.ofNanos(Math.max(0, endNs - System.nanoTime()));
        return options.messages() > 0 && left.compareTo(patience) < 0 ? left : patience;
    }

    private int runIn(Path directory, long endNs) throws IOException, InterruptedException {
        try (KafkaBroker broker = KafkaBroker.prepare()) {
            undo.addFirst(() -> end(broker));
            say("starting a Kafka broker...");
            broker.start(within(BROKER_PATIENCE, endNs));
            return runWith(broker, directory, endNs);
        }
    }

    private int runWith(KafkaBroker broker, Path directory, long endNs) throws IOException, InterruptedException {
        try (TopicReader reader = TopicReader.create(broker.address(), TOPIC);
                ServeProcess daemon = ServeProcess.start(directory.resolve("skewer"), configuration(broker.address()));
                ExecutorService sending = Executors.newSingleThreadExecutor(daemonThread())) {
            undo.addFirst(daemon::close);
            say("broker at " + broker.address() + ", starting skewer...");
            daemon.awaitStarted(within(DAEMON_PATIENCE, endNs));
            say("skewer listens on TCP " + options.tcpPort() + ", UDP " + options.udpPort() + " and RELP "
                    + options.relpPort() + " of 127.0.0.1; what it delivers to the topic '" + TOPIC + "' follows");
            sending.execute(this::send);
            return read(reader, endNs);
        }
    }

    private static void end(KafkaBroker broker) {
        try {
            broker.close();
        } catch (IOException cause) {
            System.err.println("quickstart: the broker's directory could not be removed: " + cause.getMessage());
        }
    }

    private static ThreadFactory daemonThread() {
        return task -> Thread.ofPlatform().name("samples").daemon().unstarted(task);
    }

    private void send() {
        int count = Math.max(SAMPLES_PER_SENDER, (options.messages() + 2) / 3);
        SampleSender sender = new SampleSender();
        try {
            sender.sendTcp(options.tcpPort(), count);
            sender.sendUdp(options.udpPort(), count);
            sender.sendRelp(options.relpPort(), count);
            say("send your own: logger --rfc5424 --tcp -n 127.0.0.1 -P " + options.tcpPort() + " hello");
        } catch (IOException cause) {
            say("sending failed: " + cause.getMessage());
        }
    }

    private int read(TopicReader reader, long endNs) {
        int read = 0;
        while (options.messages() == 0 || read < options.messages()) {
            if (isTimeUp(endNs)) {
                sayTimeIsUp(read);
                return 1;
            }
            for (ConsumerRecord<byte[], byte[]> record : reader.poll(POLL)) {
                if (options.messages() > 0 && read == options.messages()) {
                    break;
                }
                read++;
                long delayMs = System.currentTimeMillis() - record.timestamp();
                out.printf("%5d ms  %s%n", delayMs, new String(record.value(), StandardCharsets.UTF_8));
            }
            out.flush();
        }
        return 0;
    }

    private String configuration(String bootstrap) {
        String routing = "topic_tmpl = \"" + TOPIC + "\"\n";
        return """
                [main]
                destination = "kafka"

                [metrics]
                port = 0

                [kafka_destination]
                brokers = ["%s"]

                [confinement]
                # Root, too, may have a look: no other user could enter a home directory that holds the checkout.
                absent = ["uid"]

                """.formatted(bootstrap)
                + "[[tcp_source]]\nports = [" + options.tcpPort() + "]\n" + routing
                + "\n[[udp_source]]\nports = [" + options.udpPort() + "]\n" + routing
                + "\n[[relp_source]]\nports = [" + options.relpPort() + "]\n" + routing;
    }

    private void requirePortsFree() throws IOException {
        requireTcpFree(options.tcpPort(), "--tcp-port");
        requireTcpFree(options.relpPort(), "--relp-port");
        try (DatagramSocket probe = new DatagramSocket(options.udpPort(), InetAddress.getLoopbackAddress())) {
            probe.setReuseAddress(false);
        } catch (SocketException inUse) {
            throw new IOException(occupied("UDP", options.udpPort(), "--udp-port"), inUse);
        }
    }

    private static void requireTcpFree(int port, String option) throws IOException {
        try (ServerSocket probe = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            probe.setReuseAddress(false);
        } catch (IOException inUse) {
            throw new IOException(occupied("TCP", port, option), inUse);
        }
    }

    private static String occupied(String protocol, int port, String option) {
        return protocol + " port " + port + " of 127.0.0.1 is in use: choose another one with " + option;
    }

    private void say(String text) {
        err.println("quickstart: " + text);
        err.flush();
    }

    private static void delete(Path directory) {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException | UncheckedIOException cause) {
            System.err.println("quickstart: " + directory + " could not be removed: " + cause.getMessage());
        }
    }
}
