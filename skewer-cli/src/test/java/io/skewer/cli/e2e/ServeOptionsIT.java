package io.skewer.cli.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.skewer.cli.quickstart.FreePorts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The options of {@code skewer serve}, each seen at work. */
class ServeOptionsIT {
    /** {@code nobody} of every Linux. */
    private static final String NOBODY = "65534";

    @TempDir
    Path directory;

    @Test
    void testPrintsMessagesToStandardOutputAndTouchesNoStore() throws Exception {
        int port = FreePorts.next();
        Files.writeString(
                directory.resolve("skewer.toml"),
                SmallConfig.toml(port, directory + "/out/{{.AppName}}.log", "[confinement]\nabsent = [\"uid\"]\n"));
        Path out = directory.resolve("stdout");
        Path err = directory.resolve("stderr");
        Path store = directory.resolve("store");
        Process serve = new ProcessBuilder(
                        Execution.skewer(),
                        "serve",
                        "--config",
                        directory.toString(),
                        "--store",
                        store.toString(),
                        "--test")
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
        try {
            await("the daemon to start", () -> Files.readString(err).contains("daemon.started"));
            TcpSender.send(port, "a", 3);
            await("three lines", () -> Files.readAllLines(out).size() == 3);
        } finally {
            serve.destroy();
        }
        assertThat(serve.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(serve.exitValue()).isZero();
        assertThat(Files.readAllLines(out)).hasSize(3).allMatch(line -> line.contains("from=a seq="));
        assertThat(Files.readString(err)).doesNotContain("from=a seq=");
        assertThat(store).doesNotExist();
        assertThat(directory.resolve("out")).doesNotExist();
    }

    @Test
    void theLogGoesToAFileAsJsonAndIsOpenedAgainOnASignal() throws Exception {
        Path log = Files.createDirectories(directory.resolve("log")).resolve("skewer.log");
        Path rotated = log.resolveSibling("skewer.log.1");
        Files.createDirectories(directory.resolve("daemon"));
        DaemonSetup setup = new DaemonSetup(directory).options("--logfilename", log.toString(), "--logjson");
        try (TestDaemon daemon = setup.startLoggingTo(log)) {
            assertThat(daemon.serve().logTail()).as("standard error").doesNotContain("event");
            assertThat(Files.readAllLines(log))
                    .allMatch(ServeOptionsIT::isJsonEvent)
                    .anyMatch(line -> line.contains("\"event\":\"daemon.started\""));
            assertThat(Files.readString(log))
                    .as("nobody is answered before the supervisor is sealed")
                    .containsSubsequence("process.confined", "metrics.listening", "daemon.started");
            Files.move(log, rotated);
            signal("-USR1", daemon.serve().process().pid());
            await(
                    "a new file that says so",
                    () -> Files.exists(log) && Files.readString(log).contains("\"event\":\"log.reopened\""));
            daemon.killAndAwaitSuccessor("skewer-udp");
            await("an event in the new file", () -> Files.readString(log).contains("\"event\":\"process.died\""));
            assertThat(Files.readString(rotated)).doesNotContain("process.died");
        }
    }

    private static boolean isJsonEvent(String line) {
        return line.startsWith("{\"time\":\"") && line.contains("\"event\":\"") && line.endsWith("}");
    }

    @Test
    void thePidfileNamesTheProcessToSignalAndGoesWithIt() throws Exception {
        Path pidfile = directory.resolve("skewer.pid");
        try (TestDaemon daemon = new DaemonSetup(directory)
                .options("--pidfile", pidfile.toString())
                .start()) {
            long pid = Long.parseLong(Files.readString(pidfile).strip());
            assertThat(pid).isEqualTo(daemon.serve().process().pid());
            Execution second = Execution.ofSkewer(
                    "serve",
                    "--config",
                    daemon.home().toString(),
                    "--store",
                    directory.resolve("other").toString(),
                    "--pidfile",
                    pidfile.toString());
            assertThat(second.status()).isNotZero();
            assertThat(second.err()).contains("is held by process " + pid);
            signal("-TERM", pid);
            assertThat(daemon.serve().process().waitFor(30, TimeUnit.SECONDS)).isTrue();
            assertThat(pidfile).doesNotExist();
        }
    }

    @Test
    void allProcessesThatSeeMessagesRunAsTheUserAndGroupThatAreNamed() throws Exception {
        Required.that(status(ProcessHandle.current().pid(), "Uid:").equals("0"), "only root can become another user");
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        Path home = Files.createDirectories(directory.resolve("daemon/store"));
        Files.createDirectories(directory.resolve("out"));
        for (Path owned : List.of(home, directory.resolve("out"))) {
            Files.setAttribute(owned, "unix:uid", Integer.parseInt(NOBODY));
            Files.setAttribute(owned, "unix:gid", Integer.parseInt(NOBODY));
        }
        assumeReadableByAll(Path.of(Execution.skewer()));
        try (TestDaemon daemon = new DaemonSetup(directory)
                .options("--uid", NOBODY, "--gid", NOBODY)
                .start()) {
            TcpSender.send(daemon.tcpPort, "a", 100);
            assertThat(daemon.awaitMessages(100).faults(100, "a")).isEmpty();
            List<ProcessHandle> processes =
                    daemon.serve().process().descendants().toList();
            assertThat(processes).hasSize(6);
            for (ProcessHandle process : processes) {
                assertThat(status(process.pid(), "Uid:"))
                        .as("user of %d", process.pid())
                        .isEqualTo(NOBODY);
                assertThat(status(process.pid(), "Gid:"))
                        .as("group of %d", process.pid())
                        .isEqualTo(NOBODY);
                assertThat(status(process.pid(), "Groups:"))
                        .as("groups of %d", process.pid())
                        .isIn("", NOBODY);
                assertThat(status(process.pid(), "CapEff:"))
                        .as("rights of %d", process.pid())
                        .isEqualTo("0000000000000000");
            }
            daemon.killAndAwaitSuccessor("skewer-tcp");
            assertThat(status(daemon.children().get("skewer-tcp").pid(), "Uid:"))
                    .isEqualTo(NOBODY);
            try (Stream<Path> files = Files.walk(daemon.store())) {
                assertThat(files).allMatch(file -> ownerOf(file).equals(NOBODY));
            }
        }
    }

    private static void assumeReadableByAll(Path script) throws IOException {
        for (Path above = script.getParent(); above != null; above = above.getParent()) {
            Required.that(
                    PosixFilePermissions.toString(Files.getPosixFilePermissions(above))
                            .endsWith("x"),
                    "another user could not run what is below " + above);
        }
    }

    private static String ownerOf(Path file) {
        try {
            return Files.getAttribute(file, "unix:uid").toString();
        } catch (IOException cause) {
            return "nobody knows: " + cause.getMessage();
        }
    }

    /** What stands behind a key in the kernel's table about a process: all words when they are the same, or all. */
    private static String status(long pid, String key) throws IOException {
        String line = Files.readAllLines(Path.of("/proc/" + pid + "/status")).stream()
                .filter(candidate -> candidate.startsWith(key))
                .findFirst()
                .orElseThrow();
        List<String> words = Stream.of(line.substring(key.length()).strip().split("\\s+"))
                .distinct()
                .toList();
        return String.join(" ", words);
    }

    private static void signal(String name, long pid) throws Exception {
        assertThat(Execution.of("kill", name, Long.toString(pid)).status()).isZero();
    }

    private static void await(String what, TestDaemon.Condition condition) throws Exception {
        long endNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (!condition.holds()) {
            assertThat(System.nanoTime()).as("waiting for %s", what).isLessThan(endNs);
            Thread.sleep(20);
        }
    }
}
