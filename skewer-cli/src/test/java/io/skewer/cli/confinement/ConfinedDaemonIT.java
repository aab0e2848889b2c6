package io.skewer.cli.confinement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.skewer.cli.quickstart.ServeProcess;
import io.skewer.ipc.os.ProcessState;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The whole daemon in its jails, seen from outside, and the cases in which it must not start. */
@EnabledOnOs(OS.LINUX)
class ConfinedDaemonIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String PLANTED = "bm9ib2R5bm9ib2R5bm9ib2R5bm9ib2R5bm9ib2R5MDE=";

    @TempDir
    Path directory;

    @Test
    void everyProcessIsConfinedInAllLayers() throws Exception {
        assumeThat(ProbeHost.isRoot())
                .as("only root sees the namespaces of hidden processes")
                .isTrue();
        try (ServeProcess daemon = start("")) {
            List<ProcessState> states = states(daemon);
            assertThat(states).hasSize(4); // supervisor, store, tcp, forward-file
            for (ProcessState state : states) {
                assertThat(state.isWithoutCapabilities()).isTrue();
                assertThat(state.noNewPrivileges()).isTrue();
                assertThat(state.seccompModes()).containsExactly("2");
                assertThat(state.filters()).isEqualTo(2);
                for (String kind : List.of("mnt", "pid", "ipc", "uts")) {
                    assertThat(state.namespaces().get(kind))
                            .isNotEqualTo(ProcessState.read().namespaces().get(kind));
                }
            }
            assertThat(states.stream()
                            .map(state -> state.namespaces().get("mnt"))
                            .distinct())
                    .hasSize(4);
            assertThat(states.stream()
                            .map(state -> state.namespaces().get("net"))
                            .distinct())
                    .hasSize(4);
            assertThat(log()).contains("in_force=namespaces,landlock,seccomp off=none");
        }
    }

    @Test
    void rootGivesItsDirectoriesToTheUserThatItBecomes() throws Exception {
        assumeThat(ProbeHost.isRoot()).isTrue();
        Path messages = directory.resolve("messages");
        String toml = toml("", messages + "/{{.AppName}}.log");
        ProbeHost.open(directory);
        try (ServeProcess daemon =
                ServeProcess.start(directory.resolve("daemon"), toml, "--uid", "65534", "--gid", "65534")) {
            daemon.awaitStarted(PATIENCE);
            assertThat(Files.getAttribute(messages, "unix:uid")).isEqualTo(65534);
            assertThat(Files.getAttribute(directory.resolve("daemon/store"), "unix:uid"))
                    .isEqualTo(65534);
            assertThat(states(daemon)).allMatch(state -> state.uid() == 65534 && state.isWithoutCapabilities());
        }
    }

    @Test
    void layersThatAreGivenUpAreOffAndSaid() throws Exception {
        try (ServeProcess daemon = start("[confinement]\nabsent = [\"seccomp\", \"landlock\"]\n")) {
            assertThat(daemon.process().isAlive()).isTrue();
            assertThat(log()).contains("in_force=namespaces off=landlock,seccomp");
            assertThat(log()).contains("seccomp=0 filters=0");
        }
    }

    @Test
    void nothingIsLeftBehindByAStopOrACrash() throws Exception {
        List<String> temporaryBefore = names(Path.of("/tmp"), "skewer");
        try (ServeProcess daemon = start("")) {
            daemon.process().destroyForcibly().waitFor(10, TimeUnit.SECONDS);
        }
        try (ServeProcess daemon = start("")) {
            daemon.process().destroy();
            assertThat(daemon.process().waitFor(30, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(Files.readAllLines(Path.of("/proc/self/mounts"))).noneMatch(mount -> mount.contains("skewer"));
        assertThat(names(Path.of("/tmp"), "skewer")).isSubsetOf(temporaryBefore);
    }

    @Test
    void anotherUserLearnsNothingFromProc() throws Exception {
        assumeThat(ProbeHost.isRoot()).isTrue();
        try (ServeProcess daemon = start("")) {
            for (ProcessHandle child : daemon.process().descendants().toList()) {
                Process cat = new ProcessBuilder(
                                "setpriv",
                                "--reuid=65534",
                                "--regid=65534",
                                "--clear-groups",
                                "cat",
                                "/proc/" + child.pid() + "/environ")
                        .redirectErrorStream(true)
                        .start();
                assertThat(new String(cat.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                        .contains("Permission denied");
                assertThat(Files.readString(Path.of("/proc/" + child.pid() + "/cmdline")))
                        .doesNotContain(PLANTED);
                // rw------- root: a process that is not dumpable belongs to root there, whatever its user.
                assertThat(Files.readString(Path.of("/proc/" + child.pid() + "/limits")))
                        .containsPattern("Max core file size +0 +0");
            }
            assertThat(log()).doesNotContain(PLANTED);
        }
    }

    @Test
    void aStoreDirectoryThatIsALinkIsRefused() throws Exception {
        Path real = Files.createDirectories(directory.resolve("elsewhere"));
        Files.createDirectories(directory.resolve("daemon"));
        Files.createSymbolicLink(directory.resolve("daemon/store"), real);
        assertThat(refusal("")).contains("must be a directory, and no symbolic link");
    }

    @Test
    void aConfigurationThatOthersMayWriteIsRefused() throws Exception {
        Path config = Files.createDirectories(directory.resolve("daemon"));
        Files.setPosixFilePermissions(config, PosixFilePermissions.fromString("rwxrwxrwx"));
        assertThat(refusal("")).contains("others must not be able to write to it");
        Files.setPosixFilePermissions(config, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.setPosixFilePermissions(config.resolve("skewer.toml"), PosixFilePermissions.fromString("rw-rw-rw-"));
        Process launched = new ProcessBuilder(
                        System.getProperty("skewer.script"),
                        "serve",
                        "--config",
                        config.toString(),
                        "--store",
                        config + "/store")
                .redirectErrorStream(true)
                .start();
        assertThat(new String(launched.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                .contains("skewer.toml must belong to root");
        assertThat(launched.waitFor()).isEqualTo(2);
    }

    @Test
    void aDirectoryOfTheSystemIsNoPlaceForMessages() throws Exception {
        assertThat(refusal("", "/etc/skewer-messages/{{.AppName}}.log")).contains("is a directory of the system");
        assertThat(refusal("", "/{{.AppName}}.log")).contains("is a directory of the system");
    }

    @Test
    void withoutNamespacesItDoesNotStartUnlessToldSo() throws Exception {
        assumeThat(ProbeHost.isRoot()).isTrue();
        assertThat(withoutNamespaces(""))
                .contains("confinement is not possible")
                .contains("confinement.absent");
        assertThat(withoutNamespaces("[confinement]\nabsent = [\"namespaces\"]\n"))
                .contains("in_force=landlock,seccomp off=namespaces")
                .contains("event=daemon.started");
    }

    /** In a user namespace in which no further ones can be made, without capabilities. */
    private String withoutNamespaces(String sections) throws Exception {
        Path config = Files.createDirectories(directory.resolve("daemon"));
        Files.writeString(
                config.resolve("skewer.toml"), toml(sections, directory.resolve("out") + "/{{.AppName}}.log"));
        String script = System.getProperty("skewer.script") + " serve --config " + config + " --store "
                + config.resolve("store");
        Process launched = new ProcessBuilder(
                        "unshare",
                        "--user",
                        "--map-root-user",
                        "sh",
                        "-c",
                        "echo 0 > /proc/sys/user/max_user_namespaces && exec setpriv --bounding-set -all --inh-caps -all timeout 12 "
                                + script)
                .redirectErrorStream(true)
                .start();
        return new String(launched.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    private static List<ProcessState> states(ServeProcess daemon) throws IOException {
        List<ProcessState> states = new ArrayList<>();
        for (ProcessHandle child : daemon.process().descendants().toList()) {
            states.add(ProcessState.of(Path.of("/proc/" + child.pid())));
        }
        return states;
    }

    private static List<String> names(Path parent, String start) throws IOException {
        try (Stream<Path> entries = Files.list(parent)) {
            return entries.map(entry -> entry.getFileName().toString())
                    .filter(name -> name.startsWith(start))
                    .toList();
        }
    }

    private String toml(String sections, String filename) throws IOException {
        Files.createDirectories(directory.resolve("out"));
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            return """
                    [main]
                    destination = "file"
                    [metrics]
                    port = 0
                    [store]
                    secret = "%s"
                    [file_destination]
                    filename = "%s"
                    [[tcp_source]]
                    ports = [%d]
                    %s
                    """.formatted(PLANTED, filename, free.getLocalPort(), sections);
        }
    }

    private ServeProcess start(String sections) throws Exception {
        Files.deleteIfExists(directory.resolve("daemon/serve.log"));
        ServeProcess daemon = ServeProcess.start(
                directory.resolve("daemon"), toml(sections, directory.resolve("out") + "/{{.AppName}}.log"));
        daemon.awaitStarted(PATIENCE);
        return daemon;
    }

    private String log() throws IOException {
        return Files.readString(directory.resolve("daemon/serve.log"));
    }

    private String refusal(String sections) throws Exception {
        return refusal(sections, directory.resolve("out") + "/{{.AppName}}.log");
    }

    private String refusal(String sections, String filename) throws Exception {
        try (ServeProcess daemon = ServeProcess.start(directory.resolve("daemon"), toml(sections, filename))) {
            assertThat(daemon.process().waitFor(30, TimeUnit.SECONDS)).isTrue();
            assertThat(daemon.process().exitValue()).isNotZero();
            return daemon.logTail();
        }
    }
}
