package io.skewer.cli.confinement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.skewer.cli.quickstart.FreePorts;
import io.skewer.cli.role.Role;
import io.skewer.ipc.os.ProcessState;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The gates of the acceptance suite, with the real daemon in all its roles. G1: each process is confined as its role demands, at each start. G3: a
 * start fails when a layer is missing that the configuration does not give up. G4: as an ordinary user too.
 */
@EnabledOnOs(OS.LINUX)
class ConfinementGatesIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String SEALED = "capabilities=none seccomp=2 filters=2 no_new_privs=1";
    private static final List<String> TITLES =
            Stream.of(Role.values()).map(Role::title).toList();

    private static final int STRANGER = 65533;

    @TempDir
    Path directory;

    private int tcpPort;

    private Path own() {
        return directory.resolve("own");
    }

    private String toml(String sections) throws IOException {
        tcpPort = FreePorts.next();
        return """
                [main]
                destination = "kafka,file,stderr"
                [metrics]
                port = 0
                [file_destination]
                filename = "%s/{{.AppName}}.log"
                flush_period = "50ms"
                [kafka_destination]
                brokers = ["127.0.0.1:1"]
                [[tcp_source]]
                ports = [%d]
                [[udp_source]]
                ports = [%d]
                [[relp_source]]
                ports = [%d]
                %s
                """.formatted(own().resolve("out"), tcpPort, FreePorts.next(), FreePorts.next(), sections);
    }

    /** Starts the daemon from a copy that every user may read, as an ordinary user or as root, who becomes that user. */
    private Process start(boolean ordinary, String sections, String... before) throws IOException {
        return launch(prepare(ordinary, sections, before));
    }

    /** Writes the configuration. @return the command that starts the daemon */
    private List<String> prepare(boolean ordinary, String sections, String... before) throws IOException {
        Path home = ProbeHost.install(directory);
        for (String name : List.of("config", "store", "out")) {
            Files.createDirectories(own().resolve(name));
        }
        Files.writeString(own().resolve("config/skewer.toml"), toml(sections));
        List<String> command = new ArrayList<>(List.of(before));
        if (ProbeHost.isRoot()) {
            try (Stream<Path> files = Files.walk(own())) {
                for (Path file : files.toList()) {
                    Files.setAttribute(file, "unix:uid", Integer.parseInt(ProbeHost.ORDINARY));
                    Files.setAttribute(file, "unix:gid", Integer.parseInt(ProbeHost.ORDINARY));
                }
            }
        }
        if (ordinary) {
            command.addAll(List.of(
                    "setpriv", "--reuid=" + ProbeHost.ORDINARY, "--regid=" + ProbeHost.ORDINARY, "--clear-groups"));
        }
        command.addAll(List.of(
                home.resolve("skewer").toString(),
                "serve",
                "--config",
                own().resolve("config").toString(),
                "--store",
                own().resolve("store").toString()));
        if (ProbeHost.isRoot() && !ordinary) {
            command.addAll(List.of("--uid", ProbeHost.ORDINARY, "--gid", ProbeHost.ORDINARY));
        }
        return command;
    }

    private Process launch(List<String> command) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        return builder.redirectOutput(log().toFile()).start();
    }

    private Path log() {
        return directory.resolve("log");
    }

    private String logged() throws IOException {
        return Files.readString(log());
    }

    private void await(Process daemon, String sentence, int times) throws Exception {
        long endNs = System.nanoTime() + PATIENCE.toNanos();
        while (logged().split(sentence, -1).length <= times) {
            assertThat(daemon.isAlive() && System.nanoTime() < endNs)
                    .as("%s in\n%s", sentence, logged())
                    .isTrue();
            Thread.sleep(20);
        }
    }

    private static Map<String, ProcessHandle> children(Process daemon) {
        Map<String, ProcessHandle> children = new TreeMap<>();
        daemon.descendants().forEach(process -> title(process).ifPresent(title -> children.put(title, process)));
        return children;
    }

    private static Optional<String> title(ProcessHandle process) {
        try {
            String title = Files.readString(Path.of("/proc/" + process.pid() + "/cmdline"))
                    .split("\0", 2)[0];
            return title.startsWith("skewer-") ? Optional.of(title.substring(7)) : Optional.empty();
        } catch (IOException gone) {
            return Optional.empty();
        }
    }

    /** G1 and G4. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void everyRoleReportsAtEachStartThatItIsConfinedAsItShouldBe(boolean ordinary) throws Exception {
        assumeThat(ProbeHost.isRoot() || !ordinary).isTrue();
        Process daemon = start(ordinary, "");
        try {
            await(daemon, "event=daemon.started", 1);
            assertReports(daemon, 1);
            Map<String, ProcessHandle> first = children(daemon);
            assertThat(first).containsOnlyKeys(TITLES);
            for (Map.Entry<String, ProcessHandle> child : first.entrySet()) {
                assertSeenFromOutside(child.getKey(), child.getValue());
                child.getValue().destroyForcibly();
            }
            for (String title : TITLES) {
                await(daemon, "event=process.started process=" + title + " ", 2);
            }
            assertReports(daemon, 2);
            children(daemon).forEach((title, process) -> {
                try {
                    assertSeenFromOutside(title, process);
                } catch (IOException gone) {
                    throw new AssertionError(gone);
                }
            });
            assertThatAMessageArrives();
        } finally {
            daemon.destroy();
            assertThat(daemon.waitFor(60, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(logged()).doesNotContain("call_refused");
    }

    private void assertReports(Process daemon, int starts) throws Exception {
        for (String title : TITLES) { // they come by way of the supervisor, when it has time
            await(daemon, "event=process.confined process=" + title + " ", starts);
        }
        List<String> reports = logged().lines()
                .filter(line -> line.contains("event=process.confined"))
                .toList();
        for (String title : TITLES) {
            assertThat(reports.stream().filter(line -> line.matches(".*process=" + title + "( .*)?")))
                    .as(title)
                    .hasSize(starts)
                    .allMatch(line -> line.contains(SEALED));
        }
        assertThat(reports.stream().filter(line -> line.contains("process=supervisor")))
                .hasSize(1)
                .allMatch(line -> line.contains(SEALED));
    }

    private static void assertSeenFromOutside(String title, ProcessHandle process) throws IOException {
        if (!ProbeHost.isRoot()) {
            return;
        }
        ProcessState state = ProcessState.of(Path.of("/proc/" + process.pid()));
        ProcessState here = ProcessState.read();
        assertThat(state.toString()).as(title).contains(SEALED);
        assertThat(state.uid()).isEqualTo(Long.parseLong(ProbeHost.ORDINARY));
        for (String kind : List.of("mnt", "pid", "ipc", "uts", "user")) {
            assertThat(state.namespaces().get(kind))
                    .as("%s %s", title, kind)
                    .isNotEqualTo(here.namespaces().get(kind));
        }
        boolean outgoing = Role.ofTitle(title).network() == Role.Network.OUTGOING;
        assertThat(state.namespaces().get("net").equals(here.namespaces().get("net")))
                .as("%s net", title)
                .isEqualTo(outgoing);
    }

    private void assertThatAMessageArrives() throws Exception {
        try (Socket socket = new Socket(InetAddress.ofLiteral("127.0.0.1"), tcpPort);
                OutputStream out = socket.getOutputStream()) {
            out.write("<13>1 - host arrived - - - hello\n".getBytes(StandardCharsets.US_ASCII));
        }
        Path file = own().resolve("out/arrived.log");
        long endNs = System.nanoTime() + PATIENCE.toNanos();
        while (!Files.exists(file) || Files.size(file) == 0) {
            assertThat(System.nanoTime()).isLessThan(endNs);
            Thread.sleep(20);
        }
    }

    /** Whoever started it, and whatever ended it. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void pidfileAndSocketGoWithALauncherThatIsKilled(boolean ordinary) throws Exception {
        assumeThat(ProbeHost.isRoot() || !ordinary).isTrue();
        Path socket = Files.createDirectories(own().resolve("run")).resolve("log.sock");
        Path pidfile = socket.resolveSibling("pid");
        List<String> command = prepare(ordinary, "[[udp_source]]\nunix_socket_path = \"" + socket + "\"\n");
        command.addAll(List.of("--pidfile", pidfile.toString()));
        Process daemon = launch(command);
        try {
            await(daemon, "event=daemon.started", 1);
            assertThat(socket).exists();
            assertThat(pidfile).hasContent(daemon.pid() + "\n");
        } finally {
            daemon.destroyForcibly();
        }
        assertThat(daemon.waitFor(60, TimeUnit.SECONDS)).isTrue();
        long endNs = System.nanoTime() + PATIENCE.toNanos();
        while (Files.exists(socket) || Files.exists(pidfile)) {
            assertThat(System.nanoTime()).isLessThan(endNs);
            Thread.sleep(20);
        }
    }

    /** S69. */
    @ParameterizedTest
    @CsvSource({
        "config, uid, rwx------",
        "config, gid, rwxrwx---",
        "config/skewer.toml, uid, rw-r--r--",
        "config/skewer.toml, gid, rw-rw----",
        "store, uid, rwx------",
        "store, gid, rwxrwx---"
    })
    void whatAStrangerCouldChangeIsRefused(String place, String whose, String mode) throws Exception {
        assumeThat(ProbeHost.isRoot()).isTrue();
        List<String> command = prepare(false, "");
        Path file = own().resolve(place);
        Files.setAttribute(file, "unix:" + whose, STRANGER);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
        Process refused = launch(command);
        assertThat(refused.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(refused.exitValue()).isEqualTo(2);
        assertThat(logged())
                .containsAnyOf(
                        "must belong to root or to the user of skewer",
                        "belongs to user " + STRANGER + ", but the store runs as user " + ProbeHost.ORDINARY);
    }

    /** G3: the kernel lacks a layer. strace answers for it. */
    @ParameterizedTest
    @CsvSource({
        "landlock, landlock_create_ruleset, the kernel has no Landlock",
        "seccomp, seccomp, the kernel has no seccomp filters"
    })
    void aLayerThatTheKernelLacksEndsTheStart(String layer, String call, String reason) throws Exception {
        assumeThat(Files.isExecutable(Path.of("/usr/bin/strace"))).isTrue();
        String[] strace = ChangedKernel.forAll(call, "error=ENOSYS").toArray(String[]::new);
        Process refused = start(false, "", strace);
        assertThat(refused.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(refused.exitValue()).isNotZero();
        assertThat(logged()).contains(reason).contains("name \"" + layer + "\" in confinement.absent");

        Path pidfile = Files.createDirectories(own().resolve("run")).resolve("pid");
        List<String> command = prepare(false, "[confinement]\nabsent = [\"" + layer + "\"]\n", strace);
        command.addAll(List.of("--pidfile", pidfile.toString()));
        Process given = launch(command);
        try {
            await(given, "event=daemon.started", 1);
            assertThat(logged()).contains("off=" + layer);
        } finally {
            given.descendants()
                    .filter(process -> process.info().command().orElse("").endsWith("skewer-launch"))
                    .forEach(ProcessHandle::destroyForcibly);
            assertThat(given.waitFor(60, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(pidfile).as("strace waits for the remover").doesNotExist();
    }
}
