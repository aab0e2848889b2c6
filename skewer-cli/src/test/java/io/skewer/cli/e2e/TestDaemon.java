package io.skewer.cli.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.skewer.cli.quickstart.ServeProcess;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The real daemon, started by its script: all processes, links and files as in production, on free ports and in a directory of the
 * test. Messages go to files below {@link #output()} unless the configuration says otherwise.
 */
final class TestDaemon implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    final int tcpPort = Ports.free();
    final int udpPort = Ports.free();
    final int relpPort = Ports.free();
    final int metricsPort = Ports.free();
    private final Path directory;
    private ServeProcess process;
    private int startsAwaited;

    private TestDaemon(Path directory) throws IOException {
        this.directory = directory;
    }

    /** Starts a daemon that listens on all three sources and writes {@code out/APP.log} lines that are the messages. */
    static TestDaemon toFiles(Path directory) throws IOException, InterruptedException {
        return new TestDaemon(directory).start("destination = \"file\"", "");
    }

    /**
     * Starts a daemon with a configuration of the test's own.
     *
     * @param main more keys of {@code [main]}
     * @param sections more sections
     */
    static TestDaemon with(Path directory, String main, String sections) throws IOException, InterruptedException {
        return new TestDaemon(directory).start(main, sections);
    }

    private TestDaemon start(String main, String sections) throws IOException, InterruptedException {
        Files.createDirectories(output());
        String toml = """
                [main]
                %s

                [metrics]
                port = %d

                [file_destination]
                filename = "%s/{{.AppName}}.log"

                [[tcp_source]]
                ports = [%d]

                [[udp_source]]
                ports = [%d]

                [[relp_source]]
                ports = [%d]

                %s
                """.formatted(main, metricsPort, output(), tcpPort, udpPort, relpPort, sections);
        Files.createDirectories(directory);
        Files.writeString(directory.resolve("skewer.toml"), toml);
        process = ServeProcess.start(directory.resolve("daemon"), toml);
        awaitStarted();
        return this;
    }

    /** Stops in order, then starts again with the same configuration and store. */
    void restart() throws IOException, InterruptedException {
        process.close();
        process = ServeProcess.start(directory.resolve("daemon"), Files.readString(directory.resolve("skewer.toml")));
        awaitStarted();
    }

    private void awaitStarted() throws IOException, InterruptedException {
        startsAwaited++;
        await("the daemon to start", () -> {
            if (!process.process().isAlive()) {
                throw new AssertionError("the daemon ended:\n" + process.logTail());
            }
            return count(log(), "daemon.started") >= startsAwaited;
        });
    }

    private static long count(String text, String word) {
        return Stream.of(text.split("\n", -1)).filter(line -> line.contains(word)).count();
    }

    Path output() {
        return directory.resolve("out");
    }

    ServeProcess serve() {
        return process;
    }

    /** All that the daemon and its children logged. */
    String log() throws IOException {
        Path log = directory.resolve("daemon/serve.log");
        return Files.exists(log) ? Files.readString(log) : "";
    }

    /** The processes of the daemon by their title in {@code ps}, the launcher and the supervisor left out. */
    Map<String, ProcessHandle> children() {
        Map<String, ProcessHandle> children = new TreeMap<>();
        process.process().descendants().forEach(child -> title(child.pid()).ifPresent(title -> children.put(title, child)));
        return children;
    }

    static Optional<String> title(long pid) {
        try {
            String title = Files.readString(Path.of("/proc/" + pid + "/cmdline")).split("\0", 2)[0];
            return title.startsWith("skewer-") ? Optional.of(title) : Optional.empty();
        } catch (IOException gone) {
            return Optional.empty();
        }
    }

    /** What stands in all output files, as a history. */
    History read() throws IOException {
        History history = new History();
        for (Path file : outputFiles()) {
            try (BufferedReader lines = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
                lines.lines().forEach(history::saw);
            }
        }
        return history;
    }

    private List<Path> outputFiles() throws IOException {
        try (Stream<Path> files = Files.walk(output())) {
            return files.filter(Files::isRegularFile).toList();
        }
    }

    /** Waits until so many distinct messages stand in the output, then returns the history. */
    History awaitMessages(int count) throws IOException, InterruptedException {
        History[] last = new History[1];
        await(count + " messages in the output", () -> {
            last[0] = read();
            return last[0].distinct() >= count;
        });
        return last[0];
    }

    /** The value of a metric, all series whose text starts so added up. */
    double metric(String series) throws IOException, InterruptedException {
        HttpResponse<String> page = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + metricsPort + "/metrics")).build(),
                        HttpResponse.BodyHandlers.ofString());
        assertThat(page.statusCode()).isEqualTo(200);
        return page.body()
                .lines()
                .filter(line -> line.startsWith(series))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    /** A condition that may fail to be asked. */
    interface Condition {
        boolean holds() throws IOException, InterruptedException;
    }

    /** Waits until a condition holds. */
    void await(String what, Condition condition) throws IOException, InterruptedException {
        long endNs = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.holds()) {
            if (System.nanoTime() > endNs) {
                throw new AssertionError("waited in vain for " + what + "; the log:\n" + process.logTail());
            }
            Thread.sleep(50);
        }
    }

    @Override
    public void close() {
        process.close();
    }
}
