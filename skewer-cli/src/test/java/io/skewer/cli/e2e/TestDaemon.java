package io.skewer.cli.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.skewer.cli.quickstart.FreePorts;
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
    /** For what takes seconds here: machines of CI are slower, and others work on them. */
    static final Duration PATIENCE = Duration.ofMinutes(3);

    final int tcpPort = FreePorts.next();
    final int udpPort = FreePorts.next();
    final int relpPort = FreePorts.next();
    final int metricsPort = FreePorts.next();
    private final DaemonSetup setup;
    private final String toml;
    private ServeProcess process;
    private int startsAwaited;

    private TestDaemon(DaemonSetup setup) throws IOException {
        this.setup = setup;
        toml = setup.toml(tcpPort, udpPort, relpPort, metricsPort);
    }

    /** Starts a daemon that listens on all three sources and writes {@code out/APP.log} lines that are the messages. */
    static TestDaemon toFiles(Path directory) throws IOException, InterruptedException {
        return new DaemonSetup(directory).start();
    }

    static TestDaemon start(DaemonSetup setup) throws IOException, InterruptedException {
        TestDaemon daemon = new TestDaemon(setup);
        Files.createDirectories(setup.output());
        daemon.begin();
        return daemon;
    }

    /** Starts a daemon whose options send its log to this file, and does not wait until it is there. */
    static TestDaemon launchLoggingTo(Path file, DaemonSetup setup) throws IOException {
        setup.loggingTo(file);
        TestDaemon daemon = new TestDaemon(setup);
        Files.createDirectories(setup.output());
        daemon.launch();
        return daemon;
    }

    private void begin() throws IOException, InterruptedException {
        launch();
        awaitStarted();
    }

    private void launch() throws IOException {
        process = ServeProcess.start(setup.script(), home(), toml, setup.options());
    }

    /** Stops in order. That a process is refused a system call meanwhile would be seen by nobody: the exit code is the launcher's. */
    void stop() throws IOException {
        process.close();
        String log = log();
        assertThat(log.substring(Math.max(0, log.lastIndexOf("event=daemon.stopping"))))
                .doesNotContain("event=process.call_refused");
    }

    /** Stops in order, then starts again with the same configuration and store. */
    void restart() throws IOException, InterruptedException {
        stop();
        begin();
    }

    /** Where the configuration, the store and the log are. */
    Path home() {
        return setup.directory().resolve("daemon");
    }

    Path store() {
        return home().resolve("store");
    }

    void awaitStarted() throws IOException, InterruptedException {
        startsAwaited++;
        await("the daemon to start", () -> {
            if (!process.process().isAlive()) {
                throw new AssertionError("the daemon ended:\n" + process.logTail());
            }
            return count(log(), "daemon.started") >= startsAwaited;
        });
    }

    private static long count(String text, String word) {
        return Stream.of(text.split("\n", -1))
                .filter(line -> line.contains(word))
                .count();
    }

    Path output() {
        return setup.output();
    }

    ServeProcess serve() {
        return process;
    }

    /** All that the daemon and its children logged. */
    String log() throws IOException {
        Path log = setup.log();
        return Files.exists(log) ? Files.readString(log) : "";
    }

    /** The processes of the daemon by their title in {@code ps}, the launcher and the supervisor left out. */
    Map<String, ProcessHandle> children() {
        Map<String, ProcessHandle> children = new TreeMap<>();
        process.process()
                .descendants()
                .forEach(child -> title(child.pid()).ifPresent(title -> children.put(title, child)));
        return children;
    }

    /** The process that starts the others again. */
    ProcessHandle supervisor() {
        return process.process()
                .children()
                .filter(child -> title(child.pid()).isEmpty())
                .findFirst()
                .orElseThrow();
    }

    /** @param name as {@code STOP} or {@code KILL} */
    static void signal(ProcessHandle process, String name) throws IOException, InterruptedException {
        assertThat(Execution.of("kill", "-" + name, Long.toString(process.pid()))
                        .status())
                .isZero();
    }

    static Optional<String> title(long pid) {
        try {
            String title =
                    Files.readString(Path.of("/proc/" + pid + "/cmdline")).split("\0", 2)[0];
            return title.startsWith("skewer-") ? Optional.of(title) : Optional.empty();
        } catch (IOException gone) {
            return Optional.empty();
        }
    }

    /** What stands in all output files, as a history. */
    History read() throws IOException {
        History history = new History();
        for (Path file : outputFiles()) {
            // Every byte is a character: what a sender wrote need not be UTF-8.
            try (BufferedReader lines = Files.newBufferedReader(file, StandardCharsets.ISO_8859_1)) {
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

    /** The value of a metric, all series whose text starts so and contains all {@code labels} added up. */
    double metric(String series, String... labels) throws IOException, InterruptedException {
        return page().lines()
                .filter(line -> line.startsWith(series) && Stream.of(labels).allMatch(line::contains))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    /** The metrics page. */
    String page() throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpResponse<String> page = client.send(
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + metricsPort + "/metrics"))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            assertThat(page.statusCode()).isEqualTo(200);
            return page.body();
        }
    }

    /** Kills a child and waits until another one has taken its place. */
    void killAndAwaitSuccessor(String title) throws IOException, InterruptedException {
        ProcessHandle victim = kill(title);
        awaitSuccessor(title, victim);
    }

    /** Kills a child. @return the process that it was */
    ProcessHandle kill(String title) {
        ProcessHandle victim = children().get(title);
        assertThat(victim).as("%s runs", title).isNotNull();
        victim.destroyForcibly();
        return victim;
    }

    /** Waits until a process is gone, or merely waits for somebody to take note of its end. */
    void awaitEnd(ProcessHandle victim) throws IOException, InterruptedException {
        await("process " + victim.pid() + " to end", () -> !runs(victim.pid()));
    }

    static boolean runs(long pid) {
        try {
            String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
            return stat.charAt(stat.lastIndexOf(')') + 2) != 'Z';
        } catch (IOException gone) {
            return false;
        }
    }

    void awaitSuccessor(String title, ProcessHandle victim) throws IOException, InterruptedException {
        await(title + " to be started again", () -> {
            ProcessHandle next = children().get(title);
            return next != null && next.pid() != victim.pid();
        });
    }

    /** The most memory that a process ever had at a time, in MiB. */
    static long peakMemoryMiB(ProcessHandle process) throws IOException {
        return memoryMiB(process, "VmHWM:");
    }

    /** @param key of {@code /proc/PID/status} */
    static long memoryMiB(ProcessHandle process, String key) throws IOException {
        String status = Files.readString(Path.of("/proc/" + process.pid() + "/status"));
        return status.lines()
                .filter(line -> line.startsWith(key))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024)
                .sum();
    }

    /** How many entries a directory has. */
    static long entries(Path directory) throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.count();
        }
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
            Thread.sleep(20);
        }
    }

    /** A number that may fail to be read. */
    interface Reading {
        long read() throws IOException, InterruptedException;
    }

    /** Waits until a number has been the same so many times more, every 20 ms. @return the number */
    long awaitStandstill(String what, int times, Reading reading) throws IOException, InterruptedException {
        long[] last = {reading.read()};
        int[] alike = {0};
        await(what + " to stand still", () -> {
            long next = reading.read();
            alike[0] = next == last[0] ? alike[0] + 1 : 0;
            last[0] = next;
            return alike[0] >= times;
        });
        return last[0];
    }

    @Override
    public void close() throws IOException {
        stop();
    }
}
