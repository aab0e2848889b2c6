package io.skewer.cli.confinement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.skewer.cli.quickstart.FreePorts;
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
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String LONELY = "64399";
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
            assertThat(log()).contains("in_force=namespaces,landlock,seccomp,uid off=none");
        }
    }

    /** P9: who says nothing gets no daemon that is root. */
    @Test
    void rootMustSayWhomToBecomeOrThatItStaysRoot() throws Exception {
        assumeThat(ProbeHost.isRoot()).isTrue();
        String filename = directory.resolve("out") + "/{{.AppName}}.log";
        try (ServeProcess daemon = ServeProcess.start(directory.resolve("daemon"), toml("", filename))) {
            assertThat(daemon.process().waitFor(PATIENCE)).isTrue();
            assertThat(daemon.process().exitValue()).isNotZero();
            assertThat(log())
                    .contains("confinement is not possible: root must be told whom to become, like --uid skewer")
                    .contains("name \"uid\" in confinement.absent");
        }
        Files.delete(directory.resolve("daemon/serve.log"));
        String stays = toml("[confinement]\nabsent = [\"uid\"]\n", filename);
        try (ServeProcess daemon = ServeProcess.start(directory.resolve("daemon"), stays)) {
            daemon.awaitStarted(PATIENCE);
            assertThat(log()).contains("in_force=namespaces,landlock,seccomp off=uid");
            assertThat(states(daemon)).allMatch(state -> state.uid() == 0 && state.isWithoutCapabilities());
            assertThat(status()).contains(" off=uid\n");
        }
        assertThat(refusal("")).contains("belongs to user 0, but the store runs as user 65534; to give it all of it:");
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
    void eachRoleHasItsOwnUserWhenARangeIsGiven() throws Exception {
        assumeThat(ProbeHost.isRoot()).isTrue();
        Path messages = directory.resolve("messages");
        Path store = directory.resolve("daemon/store");
        String toml = toml("", messages + "/{{.AppName}}.log");
        ProbeHost.open(directory);
        String[] options = {"--uid", "65534", "--gid", "65534", "--uid-range", "64000-64015"};
        for (int start = 0; start < 2; start++) { // the second finds what the first left
            Files.deleteIfExists(directory.resolve("daemon/serve.log"));
            try (ServeProcess daemon = ServeProcess.start(directory.resolve("daemon"), toml, options)) {
                daemon.awaitStarted(PATIENCE);
                assertThat(states(daemon).stream().map(ProcessState::uid))
                        .containsExactlyInAnyOrder(65534L, 64000L, 64001L, 64004L);
                assertThat(states(daemon)).allMatch(ProcessState::isWithoutCapabilities);
                assertThat(Files.getAttribute(store, "unix:uid")).isEqualTo(64000);
                assertThat(Files.getPosixFilePermissions(store))
                        .isEqualTo(PosixFilePermissions.fromString("rwx------"));
                assertThat(Files.getAttribute(messages, "unix:uid")).isEqualTo(64004);
                assertThat(Files.getAttribute(messages, "unix:gid")).isEqualTo(65534);
                // The running store itself answers the order of its owner.
                assertThat(storeCommand(64000)).contains("the store knows no destination a-destination-of-old");
                assertThat(storeCommand(64001)).contains("belongs to 64000: run it as that user, not as 64001");
            }
        }
        Files.setAttribute(store, "unix:uid", 64001);
        try (ServeProcess daemon = ServeProcess.start(directory.resolve("daemon"), toml, options)) {
            assertThat(daemon.process().waitFor(PATIENCE)).isTrue();
            assertThat(daemon.logTail()).contains("belongs to user 64001, but the store runs as user 64000");
        }
    }

    @Test
    void theLauncherGivesRootUpAndItsFilesStillGoWithIt() throws Exception {
        assumeThat(ProbeHost.isRoot()).isTrue();
        Path run = Files.createDirectories(directory.resolve("run"));
        String toml = toml(
                "[[udp_source]]\nunix_socket_path = \"" + run.resolve("log.sock") + "\"",
                directory.resolve("messages") + "/{{.AppName}}.log");
        ProbeHost.open(directory); // "run" stays root's
        String[] options = {
            "--uid", "65534", "--gid", "65534", "--pidfile", run.resolve("pid").toString()
        };
        for (boolean killed : List.of(false, true)) {
            Files.deleteIfExists(directory.resolve("daemon/serve.log"));
            try (ServeProcess daemon = ServeProcess.start(directory.resolve("daemon"), toml, options)) {
                daemon.awaitStarted(PATIENCE);
                assertThat(names(run, "")).containsExactlyInAnyOrder("log.sock", "pid");
                ProcessState launcher =
                        ProcessState.of(Path.of("/proc/" + daemon.process().pid()));
                assertThat(launcher.uid()).isEqualTo(65534);
                assertThat(launcher.namespaces().get("user"))
                        .isNotEqualTo(ProcessState.read().namespaces().get("user"));
                assertThat(status())
                        .contains("skewer-launch: uid=65534 ")
                        .contains(" host_privileges=none\n")
                        .contains("skewer-remover: uid=0 ");
                assertThat(states(daemon)).allMatch(state -> state.uid() == 65534 && state.isWithoutCapabilities());
                // It can still do what it is there for.
                daemon.process()
                        .descendants()
                        .filter(child -> title(child).equals("skewer-store"))
                        .forEach(ProcessHandle::destroyForcibly);
                await(() -> log().split("event=process.started process=store", -1).length == 3);
                if (killed) {
                    daemon.process().destroyForcibly().waitFor();
                } else {
                    daemon.process().destroy();
                    assertThat(daemon.process().waitFor(PATIENCE)).isTrue();
                    assertThat(names(run, "")).isEmpty();
                }
            }
            await(() -> names(run, "").isEmpty());
        }
    }

    /** Root in a user namespace that has all users, in which no further ones can be made. */
    @Test
    void whereNoUserNamespaceCanBeMadeTheLauncherStaysRootAndSaysSo() throws Exception {
        assumeThat(ProbeHost.isRoot()).isTrue();
        Path config = Files.createDirectories(directory.resolve("daemon"));
        Files.writeString(config.resolve("skewer.toml"), toml("", directory.resolve("messages") + "/{{.AppName}}.log"));
        ProbeHost.open(directory);
        String serve = "echo 0 > /proc/sys/user/max_user_namespaces; exec " + System.getProperty("skewer.script")
                + " serve --config " + config + " --store " + config.resolve("store") + " --uid 65534 --gid 65534";
        Process daemon = new ProcessBuilder("unshare", "--user", "sh", "-c", "read mapped; exec sh -c '" + serve + "'")
                .redirectErrorStream(true)
                .redirectOutput(config.resolve("serve.log").toFile())
                .start();
        try {
            Path process = Path.of("/proc/" + daemon.pid());
            await(() -> !Files.readSymbolicLink(process.resolve("ns/user"))
                    .equals(Files.readSymbolicLink(Path.of("/proc/self/ns/user"))));
            Files.writeString(process.resolve("uid_map"), "0 0 65536\n");
            Files.writeString(process.resolve("gid_map"), "0 0 65536\n");
            daemon.getOutputStream().write('\n');
            daemon.getOutputStream().flush();
            await(() -> log().contains("event=daemon.started"));
            assertThat(log()).contains("skewer-launch: stays root: no user namespace can be made: ");
            assertThat(ProcessState.of(process).uid()).isZero();
            assertThat(status()).contains(" host_privileges=root\n");
        } finally {
            daemon.destroy();
            assertThat(daemon.waitFor(PATIENCE)).isTrue();
        }
    }

    private interface Fact {
        boolean holds() throws IOException;
    }

    private static void await(Fact fact) throws Exception {
        long endNs = System.nanoTime() + PATIENCE.toNanos();
        while (!fact.holds()) {
            assertThat(System.nanoTime()).as("time is up").isLessThan(endNs);
            Thread.sleep(20);
        }
    }

    private static String title(ProcessHandle process) {
        try {
            return Files.readString(Path.of("/proc/" + process.pid() + "/cmdline"))
                    .split("\0", 2)[0];
        } catch (IOException gone) {
            return "";
        }
    }

    private static String status() throws Exception {
        Process command = new ProcessBuilder(System.getProperty("skewer.script"), "status").start();
        String said = new String(command.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(command.waitFor()).isZero();
        return said;
    }

    @Test
    void memoryIsLockedExactlyWhereThereIsNoLimitForIt() throws Exception {
        boolean unlimited =
                Files.readString(Path.of("/proc/self/limits")).matches("(?s).*Max locked memory +unlimited.*");
        try (ServeProcess daemon = start("")) {
            assertThat(states(daemon)).hasSize(4).allMatch(state -> state.memoryLocked() == unlimited);
            assertThat(log()).contains(unlimited ? "swap=never" : "swap=possible");
        }
    }

    /** Also of processes that crash. SIGABRT is nothing to the first process of a pid namespace. */
    @Test
    void plantedSecretsAreInNoArgumentEnvironmentLogOrDump() throws Exception {
        assumeThat(ProbeHost.isRoot()).as("who sees all").isTrue();
        String key = new String(Base64.getDecoder().decode(PLANTED), StandardCharsets.US_ASCII);
        try (ServeProcess daemon = start("")) {
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
                int deaths = log().split("event=process.died", -1).length;
                int starts = log().split("event=process.started process=store ", -1).length;
                for (ProcessHandle process : daemon.process().descendants().toList()) {
                    if (title(process).equals("skewer-store")) {
                        new ProcessBuilder("kill", signal, Long.toString(process.pid()))
                                .start()
                                .waitFor();
                    }
                }
                await(() -> log().split("event=process.died", -1).length > deaths);
                await(() -> log().split("event=process.started process=store ", -1).length > starts);
            }
            assertThat(log()).contains("SIGSEGV"); // the report of the JVM
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

    /** Has the running store make a change, as an order of the user who asks. */
    private String storeCommand(int user) throws Exception {
        Process command = new ProcessBuilder(
                        "setpriv",
                        "--reuid=" + user,
                        "--regid=" + user,
                        "--clear-groups",
                        System.getProperty("skewer.script"),
                        "store",
                        "drop",
                        "--config",
                        directory.resolve("daemon").toString(),
                        "--store",
                        directory.resolve("daemon/store").toString(),
                        "a-destination-of-old")
                .redirectErrorStream(true)
                .start();
        String said = new String(command.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(command.waitFor()).as(said).isEqualTo(1);
        return said;
    }

    @Test
    void layersThatAreGivenUpAreOffAndSaid() throws Exception {
        try (ServeProcess daemon = start("[confinement]\nabsent = [\"seccomp\", \"landlock\"]\n")) {
            assertThat(daemon.process().isAlive()).isTrue();
            assertThat(log()).contains("in_force=namespaces,uid off=landlock,seccomp");
            assertThat(log()).contains("seccomp=0 filters=0");
        }
    }

    /** As a user that has nothing else on this machine, so that other daemons may run beside. */
    @Test
    void nothingIsLeftBehindByAStopOrACrash() throws Exception {
        assumeThat(ProbeHost.isRoot()).isTrue();
        String toml = toml("", directory.resolve("messages") + "/{{.AppName}}.log");
        ProbeHost.open(directory);
        for (boolean killed : List.of(true, false)) {
            Files.deleteIfExists(directory.resolve("daemon/serve.log"));
            try (ServeProcess daemon =
                    ServeProcess.start(directory.resolve("daemon"), toml, "--uid", LONELY, "--gid", LONELY)) {
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
        try (ServeProcess daemon = start("")) {
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
    void aConfigurationFileOfAnotherUserOrBehindALinkIsRefused() throws Exception {
        Path file = Files.createDirectories(directory.resolve("daemon")).resolve("skewer.toml");
        if (ProbeHost.isRoot()) {
            Files.createFile(file);
            Files.setAttribute(file, "unix:uid", 65533);
            assertThat(refusal("")).contains("skewer.toml must belong to root or to the user of skewer");
            Files.delete(file);
        }
        Files.createSymbolicLink(file, Files.createFile(directory.resolve("elsewhere.toml")));
        assertThat(refusal("")).contains("skewer.toml must be a file, and no symbolic link");
    }

    @Test
    void aDirectoryOfTheSystemIsNoPlaceForMessages() throws Exception {
        assertThat(refusal("", "/etc/skewer-messages/{{.AppName}}.log")).contains("is a directory of the system");
        assertThat(refusal("", "/{{.AppName}}.log")).contains("is a directory of the system");
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
                config.resolve("skewer.toml"), toml(sections, directory.resolve("out") + "/{{.AppName}}.log"));
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
            await(() -> !launched.isAlive() || log().contains("event=daemon.started"));
            return log();
        } finally {
            launched.destroy();
            assertThat(launched.waitFor(PATIENCE)).isTrue();
        }
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
        Path out = Files.createDirectories(directory.resolve("out"));
        if (ProbeHost.isRoot()) {
            Files.setAttribute(out, "unix:uid", 65534);
        }
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
                """.formatted(PLANTED, filename, FreePorts.next(), sections);
    }

    /** Root becomes somebody, as it should. */
    private ServeProcess launch(String toml) throws IOException {
        if (!ProbeHost.isRoot()) {
            return ServeProcess.start(directory.resolve("daemon"), toml);
        }
        ProbeHost.open(directory);
        return ServeProcess.start(directory.resolve("daemon"), toml, "--uid", "65534", "--gid", "65534");
    }

    private ServeProcess start(String sections) throws Exception {
        Files.deleteIfExists(directory.resolve("daemon/serve.log"));
        ServeProcess daemon = launch(toml(sections, directory.resolve("out") + "/{{.AppName}}.log"));
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
        try (ServeProcess daemon = launch(toml(sections, filename))) {
            assertThat(daemon.process().waitFor(PATIENCE)).isTrue();
            assertThat(daemon.process().exitValue()).isNotZero();
            return daemon.logTail();
        }
    }
}
