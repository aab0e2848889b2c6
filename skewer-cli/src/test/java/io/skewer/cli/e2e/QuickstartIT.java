package io.skewer.cli.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.skewer.cli.quickstart.FreePorts;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The first command of the README. */
class QuickstartIT {
    private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(90);

    @TempDir
    Path directory;

    private final Set<ProcessHandle> seen = new HashSet<>();

    @Test
    void itPrintsWhatCameThroughKafkaAndEndsWithNothingLeftBehind() throws Exception {
        Process quickstart = start("--messages", "9");
        awaitEnd(quickstart);
        assertThat(quickstart.exitValue()).as(err()).isZero();
        // The launcher, the supervisor, five children and the broker at least.
        assertThat(seen).hasSizeGreaterThan(7);
        assertThat(lines())
                .hasSize(9)
                .allMatch(line ->
                        line.matches(" *\\d+ ms  \\{.*\"message\":\"hello number \\d over (tcp|udp|relp)\".*}"));
        assertNothingIsLeft();
    }

    @Test
    void anInterruptEndsItWithNothingLeftBehind() throws Exception {
        Process quickstart = start();
        long endNs = System.nanoTime() + PATIENCE_NS;
        while (lines().size() < 9 && quickstart.isAlive() && System.nanoTime() < endNs) {
            look(quickstart);
        }
        assertThat(lines()).as(err()).hasSizeGreaterThanOrEqualTo(9);
        assertThat(Execution.of("kill", interrupt(quickstart), Long.toString(quickstart.pid()))
                        .status())
                .isZero();
        awaitEnd(quickstart);
        assertNothingIsLeft();
    }

    @Test
    void anInterruptWhileTheBrokerStartsLeavesNothingBehind() throws Exception {
        Process quickstart = start();
        long endNs = System.nanoTime() + PATIENCE_NS;
        while (seen.isEmpty() && quickstart.isAlive() && System.nanoTime() < endNs) {
            look(quickstart);
        }
        assertThat(seen).as("something was started").isNotEmpty();
        assertThat(Execution.of("kill", "-TERM", Long.toString(quickstart.pid()))
                        .status())
                .isZero();
        awaitEnd(quickstart);
        assertNothingIsLeft();
    }

    @Test
    void itEndsWhenTimeIsUpHoweverFarItGot() throws Exception {
        Process quickstart = start("--messages", "1000000", "--timeout", "1");
        awaitEnd(quickstart);
        assertThat(quickstart.exitValue()).isEqualTo(1);
        assertThat(lines()).isEmpty();
        assertThat(err().lines().toList().getLast())
                .isEqualTo("quickstart: only 0 of 1000000 messages came back within 1 s");
        assertNothingIsLeft();
    }

    @Test
    void anOccupiedPortIsOneClearSentence() throws Exception {
        try (ServerSocket occupied = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String port = Integer.toString(occupied.getLocalPort());
            Execution quickstart = Execution.ofSkewer("quickstart", "--messages", "9", "--tcp-port", port);
            assertThat(quickstart.status()).isEqualTo(1);
            assertThat(quickstart.out()).isEmpty();
            assertThat(quickstart.err().lines())
                    .containsExactly("quickstart: TCP port " + port
                            + " of 127.0.0.1 is in use: choose another one with --tcp-port");
        }
    }

    /** What Ctrl-C sends; SIGTERM where tests run in the background of a shell, which makes them and their children deaf to it. */
    private static String interrupt(Process process) throws IOException {
        String ignored = Files.readAllLines(Path.of("/proc/" + process.pid() + "/status")).stream()
                .filter(line -> line.startsWith("SigIgn:"))
                .findFirst()
                .orElseThrow();
        return (Long.parseUnsignedLong(ignored.substring(7).strip(), 16) & 2) == 0 ? "-INT" : "-TERM";
    }

    private Process start(String... more) throws IOException {
        List<String> ports = List.of("--tcp-port", port(), "--udp-port", port(), "--relp-port", port());
        ProcessBuilder builder = new ProcessBuilder(Execution.skewer(), "quickstart");
        builder.command().addAll(ports);
        builder.command().addAll(List.of(more));
        Path temporary = Files.createDirectories(directory.resolve("tmp"));
        builder.environment().put("JAVA_TOOL_OPTIONS", "-Djava.io.tmpdir=" + temporary);
        builder.redirectOutput(directory.resolve("out").toFile());
        builder.redirectError(directory.resolve("err").toFile());
        return builder.start();
    }

    private static String port() throws IOException {
        return Integer.toString(FreePorts.next());
    }

    private void awaitEnd(Process quickstart) throws InterruptedException, IOException {
        long endNs = System.nanoTime() + PATIENCE_NS;
        while (quickstart.isAlive()) {
            assertThat(System.nanoTime()).as("it ends; it said " + err()).isLessThan(endNs);
            look(quickstart);
        }
    }

    private void look(Process quickstart) throws InterruptedException {
        quickstart.descendants().forEach(seen::add);
        quickstart.waitFor(50, TimeUnit.MILLISECONDS);
    }

    private void assertNothingIsLeft() throws Exception {
        long endNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (seen.stream().anyMatch(process -> TestDaemon.runs(process.pid())) && System.nanoTime() < endNs) {
            Thread.sleep(50);
        }
        assertThat(seen).noneMatch(process -> TestDaemon.runs(process.pid()));
        try (Stream<Path> left = Files.walk(directory.resolve("tmp"))) {
            assertThat(left).containsExactly(directory.resolve("tmp"));
        }
    }

    private List<String> lines() throws IOException {
        return Files.readAllLines(directory.resolve("out"));
    }

    private String err() throws IOException {
        return Files.readString(directory.resolve("err"));
    }
}
