package io.skewer.cli.quickstart;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A real Kafka broker: one node, broker and controller in one (KRaft), in its own JVM, on free ports of 127.0.0.1, in a directory that goes with it.
 * Its jars come from the module {@code skewer-sinks/kafka-broker} and never onto the classpath of whoever uses this class. Used by one thread.
 */
public final class KafkaBroker implements AutoCloseable {
    private static final Duration READY_WITHIN = Duration.ofSeconds(60);
    private static final String CLUSTER_ID = "c2tld2VyLXRlc3RzLTAwMA";

    private final Path jars;
    private final Path directory;
    private final int port;
    private final Map<String, String> settings;
    private boolean formatted;
    private volatile @Nullable Process process;

    private KafkaBroker(Path jars, Path directory, Map<String, String> extra) throws IOException {
        this.jars = jars.toAbsolutePath();
        this.directory = directory;
        port = FreePorts.next();
        settings = settings(port, FreePorts.next(), directory.resolve("data"));
        settings.putAll(extra);
    }

    private static KafkaBroker prepare(Path jars, Map<String, String> extra) throws IOException {
        if (!Files.isDirectory(jars)) {
            throw new IOException(
                    "the broker of quickstart is only in a checkout of the source, where 'mvn package' puts it into "
                            + jars);
        }
        return new KafkaBroker(jars, Files.createTempDirectory("skewer-kafka"), extra);
    }

    /** A broker with the jars that the script {@code skewer} names in the property {@code skewer.kafka}, not running yet. */
    public static KafkaBroker prepare() throws IOException {
        return prepare(Map.of());
    }

    /**
     * The same, with more settings.
     *
     * @param extra settings of {@code server.properties}
     */
    public static KafkaBroker prepare(Map<String, String> extra) throws IOException {
        String jars = System.getProperty("skewer.kafka");
        if (jars == null) {
            throw new IllegalStateException(
                    "the property skewer.kafka is not set: start skewer by its script 'skewer'");
        }
        return prepare(Path.of(jars), extra);
    }

    /** {@code host:port} for clients. */
    public String address() {
        return "127.0.0.1:" + port;
    }

    private void format(long endNs) throws IOException, InterruptedException {
        List<String> lines = new ArrayList<>();
        settings.forEach((key, value) -> lines.add(key + "=" + value));
        Files.write(configuration(), lines);
        Process tool = java(
                "format.log",
                "kafka.tools.StorageTool",
                "format",
                "-t",
                CLUSTER_ID,
                "-c",
                configuration().toString());
        process = tool;
        if (!tool.waitFor(endNs - System.nanoTime(), TimeUnit.NANOSECONDS) || tool.exitValue() != 0) {
            kill();
            throw new IOException("the broker's directory was not made: " + log("format.log"));
        }
        formatted = true;
    }

    /** Starts the broker, the first time or again, and waits until it listens. */
    public KafkaBroker start() throws IOException, InterruptedException {
        return start(READY_WITHIN);
    }

    /**
     * The same, with another patience.
     *
     * @throws IOException with the end of its log, when it ended or time is up
     */
    public KafkaBroker start(Duration patience) throws IOException, InterruptedException {
        long endNs = System.nanoTime() + patience.toNanos();
        if (!formatted) {
            format(endNs);
        }
        Process started = java("broker.log", "kafka.Kafka", configuration().toString());
        process = started;
        while (!isListening()) {
            if (!started.isAlive() || System.nanoTime() - endNs > 0) {
                kill();
                throw new IOException("the broker did not start: " + log("broker.log"));
            }
            Thread.sleep(50);
        }
        return this;
    }

    /** The process that runs now. */
    public ProcessHandle process() {
        Process running = process;
        if (running == null) {
            throw new IllegalStateException("the broker does not run");
        }
        return running.toHandle();
    }

    /** Ends the broker without a warning, as a crash would. May be called by another thread. */
    public void kill() {
        Process running = process;
        if (running != null) {
            running.destroyForcibly().onExit().join();
            process = null;
        }
    }

    @Override
    public void close() throws IOException {
        kill();
        if (!Files.exists(directory)) {
            return;
        }
        Files.walkFileTree(directory, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.deleteIfExists(file);
                return FileVisitResult.CONTINUE;
            }

            // Somebody else removes it at the same time: an interrupt does, beside the one who is interrupted.
            @Override
            public FileVisitResult visitFileFailed(Path file, IOException cause) throws IOException {
                if (cause instanceof NoSuchFileException) {
                    return FileVisitResult.CONTINUE;
                }
                throw cause;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException cause) throws IOException {
                Files.deleteIfExists(visited);
                return FileVisitResult.CONTINUE;
            }
        });
    }

    private Process java(String log, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("skewer.kafka.jdk", System.getProperty("java.home")), "bin", "java")
                        .toString(),
                "-Xmx512m",
                "-XX:+UseSerialGC",
                // Libraries that are unpacked there stay behind when the JVM is killed.
                "-Djava.io.tmpdir=" + directory,
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
                "-cp",
                jars + "/*"));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(
                        ProcessBuilder.Redirect.appendTo(directory.resolve(log).toFile()))
                .start();
    }

    private boolean isListening() {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 200);
            return true;
        } catch (IOException notYet) {
            return false;
        }
    }

    private Path configuration() {
        return directory.resolve("server.properties");
    }

    private String log(String name) throws IOException {
        String text = Files.readString(directory.resolve(name), StandardCharsets.UTF_8);
        return text.substring(Math.max(0, text.length() - 2000));
    }

    private static Map<String, String> settings(int port, int controllerPort, Path data) {
        Map<String, String> all = new TreeMap<>();
        all.put("process.roles", "broker,controller");
        all.put("node.id", "1");
        all.put("controller.quorum.voters", "1@127.0.0.1:" + controllerPort);
        all.put("controller.listener.names", "CONTROLLER");
        all.put("listeners", "PLAINTEXT://127.0.0.1:" + port + ",CONTROLLER://127.0.0.1:" + controllerPort);
        all.put("advertised.listeners", "PLAINTEXT://127.0.0.1:" + port);
        all.put("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT");
        all.put("log.dirs", data.toString());
        all.put("num.partitions", "2");
        all.put("offsets.topic.replication.factor", "1");
        all.put("offsets.topic.num.partitions", "1");
        all.put("transaction.state.log.replication.factor", "1");
        all.put("transaction.state.log.min.isr", "1");
        all.put("group.initial.rebalance.delay.ms", "0");
        // A broker that was killed may not come back before its old session has ended.
        all.put("broker.session.timeout.ms", "2000");
        all.put("broker.heartbeat.interval.ms", "500");
        all.put("num.network.threads", "2");
        all.put("num.io.threads", "2");
        return all;
    }
}
