package io.skewer.cli.confinement;

import static io.skewer.cli.confinement.ConfinedDaemon.await;
import static io.skewer.cli.confinement.ConfinedDaemon.names;
import static io.skewer.cli.confinement.ConfinedDaemon.states;
import static io.skewer.cli.confinement.ConfinedDaemon.status;
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
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Whom root becomes, what it gives to whom, and what is left of it. */
@EnabledOnOs(OS.LINUX)
class DaemonUsersIT {
    private static final Duration PATIENCE = ConfinedDaemon.PATIENCE;

    @TempDir
    Path directory;

    private ConfinedDaemon here() {
        return new ConfinedDaemon(directory);
    }

    /** P9: who says nothing gets no daemon that is root. */
    @Test
    void rootMustSayWhomToBecomeOrThatItStaysRoot() throws Exception {
        assumeThat(ProbeHost.isRoot()).isTrue();
        String filename = directory.resolve("out") + "/{{.AppName}}.log";
        try (ServeProcess daemon = here().serve(here().toml("", filename))) {
            assertThat(daemon.process().waitFor(PATIENCE)).isTrue();
            assertThat(daemon.process().exitValue()).isNotZero();
            assertThat(here().log())
                    .contains("confinement is not possible: root must be told whom to become, like --uid skewer")
                    .contains("name \"uid\" in confinement.absent");
        }
        String stays = here().toml("[confinement]\nabsent = [\"uid\"]\n", filename);
        try (ServeProcess daemon = here().serve(stays)) {
            daemon.awaitStarted(PATIENCE);
            assertThat(here().log())
                    .contains("in_force=namespaces,landlock,seccomp off=uid")
                    .contains("skewer-launch: stays root: there is no --uid to become");
            assertThat(states(daemon)).allMatch(state -> state.uid() == 0 && state.isWithoutCapabilities());
            assertThat(status()).contains("\"off\":[\"uid\"]}\n");
        }
        assertThat(here().refusal(""))
                .contains("belongs to user 0, but the store runs as user 65534; to give it all of it:");
    }

    @Test
    void whoForgotTheUserStartsWithItNext() throws Exception {
        assumeThat(ProbeHost.isRoot()).isTrue();
        String toml = here().openedToml("");
        try (ServeProcess daemon = here().serve(toml)) {
            assertThat(daemon.process().waitFor(PATIENCE)).isTrue();
            assertThat(here().log()).contains("root must be told whom to become, like --uid skewer");
            assertThat(here().messages()).doesNotExist();
            assertThat(directory.resolve("daemon/store")).doesNotExist();
        }
        try (ServeProcess daemon = here().serve(toml, "--uid", "65534", "--gid", "65534")) {
            daemon.awaitStarted(PATIENCE);
            assertThat(Files.getAttribute(here().messages(), "unix:uid")).isEqualTo(65534);
        }
    }

    @Test
    void rootGivesItsDirectoriesToTheUserThatItBecomes() throws Exception {
        assumeThat(ProbeHost.isRoot()).isTrue();
        String toml = here().openedToml("");
        try (ServeProcess daemon = here().serve(toml, "--uid", "65534", "--gid", "65534")) {
            daemon.awaitStarted(PATIENCE);
            assertThat(Files.getAttribute(here().messages(), "unix:uid")).isEqualTo(65534);
            assertThat(Files.getAttribute(directory.resolve("daemon/store"), "unix:uid"))
                    .isEqualTo(65534);
            assertThat(states(daemon)).allMatch(state -> state.uid() == 65534 && state.isWithoutCapabilities());
        }
    }

    @Test
    void eachRoleHasItsOwnUserWhenARangeIsGiven() throws Exception {
        assumeThat(ProbeHost.isRoot()).isTrue();
        Path messages = here().messages();
        Path store = directory.resolve("daemon/store");
        String toml = here().openedToml("");
        String[] options = {"--uid", "65534", "--gid", "65534", "--uid-range", "64000-64015"};
        for (int start = 0; start < 2; start++) { // the second finds what the first left
            try (ServeProcess daemon = here().serve(toml, options)) {
                daemon.awaitStarted(PATIENCE);
                assertThat(states(daemon).stream().map(ProcessState::uid))
                        .containsExactlyInAnyOrder(65534L, 64000L, 64001L, 64004L);
                assertThat(states(daemon)).allMatch(ProcessState::isWithoutCapabilities);
                assertThat(Files.getAttribute(store, "unix:uid")).isEqualTo(64000);
                assertThat(Files.getPosixFilePermissions(store))
                        .isEqualTo(PosixFilePermissions.fromString("rwx------"));
                assertThat(Files.getAttribute(messages, "unix:uid")).isEqualTo(64004);
                assertThat(Files.getAttribute(messages, "unix:gid")).isEqualTo(65534);
                assertThat(Files.getPosixFilePermissions(messages))
                        .as("the group reads what is written there")
                        .isEqualTo(PosixFilePermissions.fromString("rwxr-x---"));
                // The running store itself answers the order of its owner.
                assertThat(storeCommand(64000)).contains("the store knows no destination a-destination-of-old");
                assertThat(storeCommand(64001)).contains("belongs to 64000: run it as that user, not as 64001");
            }
        }
        Files.setAttribute(store, "unix:uid", 64001);
        try (ServeProcess daemon = here().serve(toml, options)) {
            assertThat(daemon.process().waitFor(PATIENCE)).isTrue();
            assertThat(daemon.logTail()).contains("belongs to user 64001, but the store runs as user 64000");
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
    void theLauncherGivesRootUpAndItsFilesStillGoWithIt() throws Exception {
        assumeThat(ProbeHost.isRoot()).isTrue();
        Path run = Files.createDirectories(directory.resolve("run"));
        // "run" stays root's.
        String toml = here().openedToml("[[udp_source]]\nunix_socket_path = \"" + run.resolve("log.sock") + "\"");
        String[] options = {
            "--uid", "65534", "--gid", "65534", "--pidfile", run.resolve("pid").toString()
        };
        for (boolean killed : List.of(false, true)) {
            try (ServeProcess daemon = here().serve(toml, options)) {
                daemon.awaitStarted(PATIENCE);
                assertThat(names(run, "")).containsExactlyInAnyOrder("log.sock", "pid");
                ProcessState launcher =
                        ProcessState.of(Path.of("/proc/" + daemon.process().pid()));
                assertThat(launcher.uid()).isEqualTo(65534);
                assertThat(launcher.namespaces().get("user"))
                        .isNotEqualTo(ProcessState.read().namespaces().get("user"));
                assertThat(status())
                        .containsPattern("\"process\":\"skewer-launch\",\"user\":[^,]+,\"uid\":65534,")
                        .contains("\"host_privileges\":\"none\",\"off\":null}\n")
                        .contains("\"process\":\"skewer-remover\",\"user\":\"root\",\"uid\":0,");
                assertThat(states(daemon)).allMatch(state -> state.uid() == 65534 && state.isWithoutCapabilities());
                // It can still do what it is there for.
                daemon.process()
                        .descendants()
                        .filter(child -> title(child).equals("skewer-store"))
                        .forEach(ProcessHandle::destroyForcibly);
                await(() -> here().log().split("event=process.started process=store", -1).length == 3);
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
        Files.writeString(config.resolve("skewer.toml"), here().openedToml(""));
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
            await(() -> here().log().contains("event=daemon.started"));
            assertThat(here().log()).contains("skewer-launch: stays root: no user namespace can be made: ");
            assertThat(ProcessState.of(process).uid()).isZero();
            assertThatItCanMakeJailsAndBindNothing(daemon);
            assertThat(status()).contains("\"host_privileges\":\"root\",\"off\":null}\n");
        } finally {
            daemon.destroy();
            assertThat(daemon.waitFor(PATIENCE)).isTrue();
        }
    }

    /** CAP_SYS_ADMIN is 21, CAP_NET_BIND_SERVICE 10. */
    private static void assertThatItCanMakeJailsAndBindNothing(Process launcher) throws IOException {
        String permitted = Files.readAllLines(Path.of("/proc/" + launcher.pid() + "/status")).stream()
                .filter(line -> line.startsWith("CapPrm:"))
                .map(line -> line.substring(7).strip())
                .findFirst()
                .orElseThrow();
        assertThat(Long.parseLong(permitted, 16) & (1 << 21 | 1 << 10)).isEqualTo(1 << 21);
    }

    @Test
    void whoGivesNamespacesUpIsToldThatTheLauncherStaysRoot() throws Exception {
        assumeThat(ProbeHost.isRoot()).isTrue();
        try (ServeProcess daemon = here().start("[confinement]\nabsent = [\"namespaces\"]\n")) {
            assertThat(here().log()).contains("skewer-launch: stays root: without namespaces there is nowhere to go");
            assertThatItCanMakeJailsAndBindNothing(daemon.process());
        }
    }

    /** The trial is a process of its own, in which all goes well; what the launcher does next does not. */
    @Test
    void aLauncherThatCannotFinishGivingRootUpEndsWithEverything() throws Exception {
        assumeThat(ProbeHost.isRoot()).isTrue();
        assumeThat(Files.isExecutable(Path.of("/usr/bin/strace"))).isTrue();
        Path config = Files.createDirectories(directory.resolve("daemon"));
        Path pidfile = directory.resolve("pid");
        Files.writeString(
                config.resolve("skewer.toml"), here().toml("", directory.resolve("out") + "/{{.AppName}}.log"));
        ProbeHost.open(directory);
        List<String> command = new ArrayList<>(ChangedKernel.forOneProcess("unshare", "error=EPERM:when=2"));
        command.addAll(List.of(System.getProperty("skewer.script"), "serve", "--config", config.toString()));
        command.addAll(List.of("--store", config.resolve("store").toString(), "--pidfile", pidfile.toString()));
        command.addAll(List.of("--uid", "65534", "--gid", "65534"));
        Process daemon = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(config.resolve("serve.log").toFile())
                .start();
        try {
            assertThat(daemon.waitFor(PATIENCE)).isTrue();
        } finally {
            daemon.destroyForcibly();
        }
        assertThat(daemon.exitValue()).isEqualTo(1);
        assertThat(here().log())
                .contains("skewer-launch: cannot give root up: no user namespace can be made: ")
                .doesNotContain("event=process.started");
        await(() -> !Files.exists(pidfile));
    }
}
