package io.skewer.cli.confinement;

import static io.skewer.cli.confinement.ConfinedDaemon.await;
import static io.skewer.cli.confinement.ConfinedDaemon.names;
import static io.skewer.cli.confinement.ConfinedDaemon.states;
import static io.skewer.cli.confinement.ConfinedDaemon.title;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.skewer.cli.quickstart.ServeProcess;
import io.skewer.ipc.os.ProcessState;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The whole daemon in its jails, seen from outside, and the cases in which it must not start. */
@EnabledOnOs(OS.LINUX)
class ConfinedDaemonIT {
    private static final Duration PATIENCE = ConfinedDaemon.PATIENCE;
    private static final String PLANTED = ConfinedDaemon.PLANTED;
    private static final String LONELY = "64399";

    @TempDir
    Path directory;

    private ConfinedDaemon here() {
        return new ConfinedDaemon(directory);
    }

    @Test
    void everyProcessIsConfinedInAllLayers() throws Exception {
        assumeThat(ProbeHost.isRoot())
                .as("only root sees the namespaces of hidden processes")
                .isTrue();
        try (ServeProcess daemon = here().start("")) {
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
            assertThat(here().log()).contains("in_force=namespaces,landlock,seccomp,uid off=none");
        }
    }

    @Test
    void memoryIsLockedExactlyWhereThereIsNoLimitForIt() throws Exception {
        boolean unlimited =
                Files.readString(Path.of("/proc/self/limits")).matches("(?s).*Max locked memory +unlimited.*");
        try (ServeProcess daemon = here().start("")) {
            assertThat(states(daemon)).hasSize(4).allMatch(state -> state.memoryLocked() == unlimited);
            assertThat(here().log()).contains(unlimited ? "swap=never" : "swap=possible");
        }
    }

    /** Also of processes that crash. SIGABRT is nothing to the first process of a pid namespace. */
    @Test
    void plantedSecretsAreInNoArgumentEnvironmentLogOrDump() throws Exception {
        assumeThat(ProbeHost.isRoot()).as("who sees all").isTrue();
        String key = new String(Base64.getDecoder().decode(PLANTED), StandardCharsets.US_ASCII);
        try (ServeProcess daemon = here().start("")) {
            List<ProcessHandle> all =
                    new ArrayList<>(daemon.process().descendants().toList());
            all.add(daemon.process().toHandle());
            for (ProcessHandle process : all) {
                for (String file : List.of("cmdline", "environ")) {
                    assertThat(Files.readString(
                                    Path.of("/proc/" + process.pid() + "/" + file), StandardCharsets.ISO_8859_1))
                            .doesNotContain(PLANTED)
                            .doesNotContain(key);
                }
            }
            for (String signal : List.of("-SEGV", "-BUS")) {
                int deaths = here().log().split("event=process.died", -1).length;
                int starts = here().log().split("event=process.started process=store ", -1).length;
                for (ProcessHandle process : daemon.process().descendants().toList()) {
                    if (title(process).equals("skewer-store")) {
                        new ProcessBuilder("kill", signal, Long.toString(process.pid()))
                                .start()
                                .waitFor();
                    }
                }
                await(() -> here().log().split("event=process.died", -1).length > deaths);
                await(() -> here().log().split("event=process.started process=store ", -1).length > starts);
            }
            assertThat(here().log()).contains("SIGSEGV"); // the report of the JVM
        }
        try (Stream<Path> left = Files.walk(directory)) {
            for (Path file : left.filter(Files::isRegularFile).toList()) {
                assertThat(file.getFileName().toString())
                        .doesNotStartWith("core")
                        .doesNotContain("hs_err");
                if (!file.endsWith("skewer.toml")) {
                    assertThat(Files.readString(file, StandardCharsets.ISO_8859_1))
                            .as(file.toString())
                            .doesNotContain(PLANTED)
                            .doesNotContain(key);
                }
            }
        }
    }

    @Test
    void layersThatAreGivenUpAreOffAndSaid() throws Exception {
        try (ServeProcess daemon = here().start("[confinement]\nabsent = [\"seccomp\", \"landlock\"]\n")) {
            assertThat(daemon.process().isAlive()).isTrue();
            assertThat(here().log()).contains("in_force=namespaces,uid off=landlock,seccomp");
            assertThat(here().log()).contains("seccomp=0 filters=0");
        }
    }

    /** As a user that has nothing else on this machine, so that other daemons may run beside. */
    @Test
    void nothingIsLeftBehindByAStopOrACrash() throws Exception {
        assumeThat(ProbeHost.isRoot()).isTrue();
        String toml = here().openedToml("");
        for (boolean killed : List.of(true, false)) {
            try (ServeProcess daemon = here().serve(toml, "--uid", LONELY, "--gid", LONELY)) {
                daemon.awaitStarted(PATIENCE);
                if (killed) {
                    daemon.process().destroyForcibly();
                } else {
                    daemon.process().destroy();
                }
                assertThat(daemon.process().waitFor(PATIENCE)).isTrue();
            }
            await(() ->
                    lines("find", "/proc", "-maxdepth", "1", "-user", LONELY).isEmpty());
            assertThat(Files.readAllLines(Path.of("/proc/self/mounts")))
                    .noneMatch(mount -> mount.startsWith("skewer "));
            assertThat(lines("find", "/tmp", "/var/tmp", "/run", "/dev/shm", "-user", LONELY))
                    .allMatch(file -> file.startsWith(directory.toString()));
            assertThat(names(directory.resolve("daemon"), ""))
                    .containsExactlyInAnyOrder("serve.log", "skewer.toml", "store");
        }
    }

    /** What a program prints. It may fail: files of others come and go. */
    private static List<String> lines(String... command) throws IOException {
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        return process.inputReader(StandardCharsets.UTF_8).lines().toList();
    }

    @Test
    void nobodyButRootLearnsAnythingFromProc() throws Exception {
        assumeThat(ProbeHost.isRoot()).isTrue();
        try (ServeProcess daemon = here().start("")) {
            for (ProcessHandle child : daemon.process().descendants().toList()) {
                for (String user : List.of("65534", ProbeHost.ORDINARY)) { // the same one, and another one
                    Process cat = new ProcessBuilder(
                                    "setpriv",
                                    "--reuid=" + user,
                                    "--regid=" + user,
                                    "--clear-groups",
                                    "cat",
                                    "/proc/" + child.pid() + "/environ")
                            .redirectErrorStream(true)
                            .start();
                    assertThat(new String(cat.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                            .contains("Permission denied");
                }
                assertThat(Files.readString(Path.of("/proc/" + child.pid() + "/cmdline")))
                        .doesNotContain(PLANTED);
                // rw------- root: a process that is not dumpable belongs to root there, whatever its user.
                assertThat(Files.readString(Path.of("/proc/" + child.pid() + "/limits")))
                        .containsPattern("Max core file size +0 +0");
            }
            assertThat(here().log()).doesNotContain(PLANTED);
        }
    }

    @Test
    void aStoreDirectoryThatIsALinkIsRefused() throws Exception {
        Path real = Files.createDirectories(directory.resolve("elsewhere"));
        Files.createDirectories(directory.resolve("daemon"));
        Files.createSymbolicLink(directory.resolve("daemon/store"), real);
        assertThat(here().refusal("")).contains("must be a directory, and no symbolic link");
    }

    @Test
    void aConfigurationThatOthersMayWriteIsRefused() throws Exception {
        Path config = Files.createDirectories(directory.resolve("daemon"));
        Files.setPosixFilePermissions(config, PosixFilePermissions.fromString("rwxrwxrwx"));
        assertThat(here().refusal("")).contains("others must not be able to write to it");
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
    void aConfigurationFileOfAnotherUserOrBehindALinkIsRefused() throws Exception {
        Path file = Files.createDirectories(directory.resolve("daemon")).resolve("skewer.toml");
        if (ProbeHost.isRoot()) {
            Files.createFile(file);
            Files.setAttribute(file, "unix:uid", 65533);
            assertThat(here().refusal("")).contains("skewer.toml must belong to root or to the user of skewer");
            Files.delete(file);
        }
        Files.createSymbolicLink(file, Files.createFile(directory.resolve("elsewhere.toml")));
        assertThat(here().refusal("")).contains("skewer.toml must be a file, and no symbolic link");
    }

    @Test
    void aDirectoryOfTheSystemIsNoPlaceForMessages() throws Exception {
        Path refused = Path.of("/etc/skewer-refused-" + ProcessHandle.current().pid());
        assertThat(here().refusal("", refused + "/{{.AppName}}.log")).contains("is a directory of the system");
        assertThat(refused).doesNotExist();
        assertThat(here().refusal("", "/var/log/{{.AppName}}.log")).contains("is a directory of the system");
    }

    @Test
    void withoutNamespacesItDoesNotStartUnlessToldSo() throws Exception {
        assumeThat(ProbeHost.isRoot()).isTrue();
        assertThat(withoutNamespaces("[confinement]\nabsent = [\"uid\"]\n"))
                .contains("confinement is not possible")
                .contains("confinement.absent");
        assertThat(withoutNamespaces("[confinement]\nabsent = [\"namespaces\", \"uid\"]\n"))
                .contains("in_force=landlock,seccomp off=namespaces,uid")
                .contains("event=daemon.started");
    }

    /** What the daemon says until it ended or works: in a user namespace in which no further ones can be made, without capabilities. */
    private String withoutNamespaces(String sections) throws Exception {
        Path config = Files.createDirectories(directory.resolve("daemon"));
        Files.writeString(
                config.resolve("skewer.toml"), here().toml(sections, directory.resolve("out") + "/{{.AppName}}.log"));
        String script = System.getProperty("skewer.script") + " serve --config " + config + " --store "
                + config.resolve("store");
        Process launched = new ProcessBuilder(
                        "unshare",
                        "--user",
                        "--map-root-user",
                        "sh",
                        "-c",
                        "echo 0 > /proc/sys/user/max_user_namespaces && exec setpriv --bounding-set -all --inh-caps -all "
                                + script)
                .redirectErrorStream(true)
                .redirectOutput(config.resolve("serve.log").toFile())
                .start();
        try {
            await(() -> !launched.isAlive() || here().log().contains("event=daemon.started"));
            return here().log();
        } finally {
            launched.destroy();
            assertThat(launched.waitFor(PATIENCE)).isTrue();
        }
    }
}
