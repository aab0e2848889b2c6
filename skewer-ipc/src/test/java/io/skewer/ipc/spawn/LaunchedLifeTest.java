package io.skewer.ipc.spawn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Beginnings and ends: who learns of which, and that nothing is left behind. */
@Timeout(60)
@EnabledOnOs(OS.LINUX)
class LaunchedLifeTest {
    private static final String STUBBORN = "trap '' TERM INT HUP; while true; do sleep 1; done";

    @TempDir
    static Path home;

    @Test
    void theEndOfARoleIsToldWithItsReason() throws Exception {
        try (var skewer = LaunchedSupervisor.start(home)) {
            long pid = skewer.spawnShell("tcp", "exit 7");
            assertThat(skewer.tell("event")).isEqualTo("Exited[pid=" + pid + ", signalled=false, value=7]");
            long killed = skewer.spawnShell("tcp", STUBBORN);
            assertThat(skewer.tell("kill", Long.toString(killed), "9")).isEqualTo("killed");
            assertThat(skewer.tell("event")).isEqualTo("Exited[pid=" + killed + ", signalled=true, value=9]");
        }
    }

    @Test
    void theExitCodeOfTheSupervisorIsTheLaunchers() throws Exception {
        try (var skewer = LaunchedSupervisor.start(home)) {
            skewer.say("exit", "42");
            assertThat(skewer.awaitExit()).isEqualTo(42);
        }
    }

    @Test
    void whenTheSupervisorIsKilledEverythingIsDeadWithinASecond() throws Exception {
        try (var skewer = LaunchedSupervisor.start(home)) {
            List<Long> processes = startSeveral(skewer);
            ProcessHandle.of(processes.getFirst()).orElseThrow().destroyForcibly();
            assertAllDeadWithinASecond(processes);
            assertThat(skewer.awaitExit()).isEqualTo(128 + 9);
        }
    }

    @Test
    void whenTheLauncherIsKilledEverythingIsDeadWithinASecond() throws Exception {
        try (var skewer = LaunchedSupervisor.start(home)) {
            List<Long> processes = startSeveral(skewer);
            skewer.killLauncher();
            assertAllDeadWithinASecond(processes);
        }
    }

    @Test
    void aRoleThatBecameAnotherUserDiesWithTheLauncherToo() throws Exception {
        try (var skewer = LaunchedSupervisor.start(home, asSomebodyElse())) {
            List<Long> processes = startSeveral(skewer);
            skewer.killLauncher();
            assertAllDeadWithinASecond(processes);
        }
    }

    @Test
    void signalsReachTheSupervisorAsMessages() throws Exception {
        try (var skewer = LaunchedSupervisor.start(home)) {
            skewer.spawnShell("tcp", STUBBORN);
            for (int signal : List.of(15, 2, 1, 10)) {
                new ProcessBuilder("kill", "-" + signal, Long.toString(skewer.pid()))
                        .start()
                        .waitFor();
                assertThat(skewer.tell("event")).isEqualTo("Signalled[signal=" + signal + "]");
            }
        }
    }

    @Test
    void onlyProcessesOfTheLauncherCanBeSignalled() throws Exception {
        try (var skewer = LaunchedSupervisor.start(home)) {
            long self = ProcessHandle.current().pid();
            assertThat(skewer.tell("kill", Long.toString(self), "0"))
                    .isEqualTo("process " + self + " is not a running process of this launcher");
            assertThat(skewer.tell("kill", "0", "0")).contains("is not a running process of this launcher");
            assertThat(skewer.tell("kill", "-1", "0")).contains("is not a running process of this launcher");
        }
    }

    @Test
    void anUnknownRoleIsRefused() throws Exception {
        try (var skewer = LaunchedSupervisor.start(home)) {
            assertThat(skewer.tell("spawn", "shell", "quiet", "-c", "true")).isEqualTo("role shell is not a role");
            assertThat(skewer.tell("spawn", "tc", "quiet", "-c", "true")).isEqualTo("role tc is not a role");
            assertThat(skewer.tell("spawn", "", "quiet", "-c", "true")).isEqualTo("role  is not a role");
        }
    }

    @Test
    void packetsThatAreNotRequestsAreAnsweredWithAnErrorAndDoNothing() throws Exception {
        try (var skewer = LaunchedSupervisor.start(home)) {
            assertThat(skewer.tell("raw", "01")).startsWith("44010000" + "00000000");
            assertThat(skewer.tell("raw", "0102000009000000")).startsWith("44010000" + "09000000");
            assertThat(skewer.tell("raw", "6301000009000000")).startsWith("44010000" + "09000000");
            assertThat(skewer.tell("raw", "030100000900000001000000")).startsWith("44010000" + "09000000");
            // SPAWN of tcp with 65535 arguments that are not there.
            assertThat(skewer.tell("raw", "0101000009000000" + "00000000" + "0300746370" + "ffff"))
                    .startsWith("44010000" + "09000000");
            int count = 3000;
            assertThat(skewer.tell("noise", Integer.toString(count))).isEqualTo("errors " + count);
            assertThat(socketsOf(skewer.pid())).isEqualTo(1);
        }
    }

    @Test
    void aPacketLargerThanAnyRequestIsRefused() throws Exception {
        try (var skewer = LaunchedSupervisor.start(home)) {
            assertThat(skewer.tell("raw", "0101000009000000" + "00".repeat(65_600)))
                    .startsWith("44010000" + "09000000");
            assertThat(skewer.tell("raw", "0301000008000000" + "00".repeat(8))).startsWith("44010000" + "08000000");
        }
    }

    @Test
    void noMoreThanSixtyFourRolesRunAtOnce() throws Exception {
        try (var skewer = LaunchedSupervisor.start(home)) {
            List<Long> running = new ArrayList<>();
            for (int i = 0; i < 64; i++) {
                running.add(skewer.spawnShell("tcp", "exec sleep 60"));
            }
            assertThat(skewer.tell("spawn", "tcp", "quiet", "-c", "true"))
                    .isEqualTo("role tcp cannot be started: 64 processes are running");
            skewer.tell("kill", Long.toString(running.getFirst()), "15");
            assertThat(skewer.tell("event")).contains("signalled=true, value=15");
            skewer.spawnShell("tcp", "exec sleep 60");
        }
    }

    @Test
    void aJvmCanBeARole() throws Exception {
        try (var skewer = LaunchedSupervisor.start(home)) {
            String java =
                    Path.of(System.getProperty("java.home"), "bin", "java").toString();
            String script = java + " -XX:TieredStopAtLevel=1 -version 2>&3; true";
            assertThat(skewer.outputOf("store", script)).contains("version \"");
        }
    }

    @Test
    void thePidfileNamesTheLauncherAndGoesWithIt() throws Exception {
        Path pidfile = home.resolve("skewer.pid");
        Files.writeString(
                pidfile, "1\n"); // of a process that did not clean up, and whose number is somebody else's now
        try (var skewer = LaunchedSupervisor.start(home, "--pidfile", pidfile.toString())) {
            skewer.tell("pid");
            assertThat(pidfile).hasContent(skewer.pid() + "\n");
            try (var second = LaunchedSupervisor.start(home, "--pidfile=" + pidfile)) {
                assertThat(second.awaitExit()).isEqualTo(2);
            }
            assertThat(pidfile).hasContent(skewer.pid() + "\n");
            skewer.say("exit", "0");
            assertThat(skewer.awaitExit()).isZero();
            assertThat(pidfile).doesNotExist();
        }
    }

    /** Whoever could open it could hold its lock, and no skewer would start. */
    @Test
    void thePidfileIsForItsOwnerOnly() throws Exception {
        Path pidfile = home.resolve("private.pid");
        try (var skewer = LaunchedSupervisor.start(home, "--pidfile", pidfile.toString())) {
            skewer.tell("pid");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(pidfile)))
                    .isEqualTo("rw-------");
        }
    }

    @Test
    void thePidfileIsRemovedWhereItWasMadeWhateverItsPathLeadsToByThen() throws Exception {
        Path here = Files.createDirectories(home.resolve("here"));
        Path elsewhere = Files.createDirectories(home.resolve("elsewhere"));
        Path link = Files.createSymbolicLink(home.resolve("link"), here);
        try (var skewer =
                LaunchedSupervisor.start(home, "--pidfile", link.resolve("pid").toString())) {
            skewer.tell("pid");
            Files.createLink(elsewhere.resolve("pid"), here.resolve("pid"));
            Files.delete(link);
            Files.createSymbolicLink(link, elsewhere);
            skewer.say("exit", "0");
            assertThat(skewer.awaitExit()).isZero();
            assertThat(here.resolve("pid")).doesNotExist();
            assertThat(elsewhere.resolve("pid")).exists();
        }
    }

    @Test
    void commandLinesThatCannotWorkAreRefusedWithASentence() throws Exception {
        assertThat(refusalOf("/bin/true")).contains("the command line must be");
        assertThat(refusalOf("/bin/true", "-version")).contains("the command line must be");
        assertThat(refusalOf("java", "serve")).contains("JAVA must be the path");
        assertThat(refusalOf("/bin/true", "serve", "--uid", "no-such-user"))
                .contains(
                        "there is no such user; make it: useradd --system --home-dir /var/lib/skewer --shell /usr/sbin/nologin no-such-user");
        assertThat(refusalOf("/bin/true", "serve", "--gid", "no-such-group")).contains("there is no such group");
        assertThat(refusalOf("/bin/true", "serve", "--uid=4294967295")).contains("there is no such user");
        if (isRoot()) {
            assertThat(refusalOf("/bin/true", "serve", "--uid", "0")).contains("names root");
            assertThat(refusalOf("/bin/true", "serve", "--uid", "65534", "--gid", "0"))
                    .contains("--gid 0: the group is root's");
        } else {
            assertThat(refusalOf("/bin/true", "serve", "--uid", "0")).contains("only root can become");
        }
    }

    @Test
    void rangesOfUsersThatCannotWorkAreRefusedWithASentence() throws Exception {
        if (!isRoot()) {
            assertThat(refusalOf("/bin/true", "serve", "--uid-range", "64000-64015"))
                    .contains("only root can become other users");
            return;
        }
        assertThat(refusalOf("/bin/true", "serve", "--uid-range", "64000-64015"))
                .contains("--uid is needed too");
        for (String range :
                List.of("64000", "64000-", "-64015", "64000-64014", "64015-64000", "0-20", "a-b", "1-2-3")) {
            assertThat(refusalOf("/bin/true", "serve", "--uid", "65534", "--gid", "65534", "--uid-range=" + range))
                    .contains("must be at least 16 numbers of users");
        }
        assertThat(refusalOf("/bin/true", "serve", "--uid", "65534", "--gid", "65534", "--uid-range", "65530-65545"))
                .contains("holds the user of --uid");
        Path store = Files.createDirectories(home.resolve("of-another"));
        assertThat(refusalOf(
                        "/bin/true",
                        "serve",
                        "--store",
                        store.toString(),
                        "--uid=65534",
                        "--gid=65534",
                        "--uid-range=64000-64015"))
                .contains("belongs to user 0, but the store runs as user 64000")
                .contains("chown -R 64000:64000 '" + store + "'");
    }

    @Test
    void aLauncherThatIsNotRootCannotBecomeAnybody() throws Exception {
        assumeTrue(isRoot() && Files.isExecutable(Path.of("/usr/bin/setpriv")));
        // The copy that every user can read: the build's own directory may be private.
        try (var skewer = LaunchedSupervisor.start(home)) {
            assertThat(skewer.tell("pid")).containsOnlyDigits();
        }
        String launcher = home.resolve("home/native/skewer-launch").toString();
        List<String> command = new ArrayList<>(
                List.of("/usr/bin/setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", launcher));
        command.addAll(List.of(
                "/bin/true",
                "serve",
                "--store",
                Files.createDirectories(home.resolve("home/store")).toString(),
                "--uid"));
        assertThat(run(command, "65533", "--gid", "65533")).contains("only root can become another user");
        assertThat(run(command, "65534")).isEmpty();
    }

    @Test
    void aUserWhoIsInTheGroupOfRootIsRefused() throws Exception {
        assumeTrue(isRoot());
        Path groups = Files.writeString(home.resolve("group"), "root:x:0:nobody\nnogroup:x:65534:\n");
        String start = "mount --bind " + groups + " /etc/group && exec " + LaunchedSupervisor.launcher();
        List<String> command = List.of("unshare", "--mount", "sh", "-c", start + " /bin/true serve --uid nobody");
        assertThat(run(command)).contains("--uid nobody: is a member of root's group");
    }

    /** A kernel, or what stands in for one, that takes the call and does nothing. strace answers for it. */
    @Test
    void whatIsGivenUpIsReadBack() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/strace")));
        List<String> strace = List.of("strace", "-qq", "-o", "/dev/null", "-e", "inject=prctl:retval=0");
        List<String> command = new ArrayList<>(strace);
        command.add(LaunchedSupervisor.launcher().toString());
        String store = home.resolve("read-back").toString();
        assertThat(run(command, "/bin/true", "serve", "--store", store)).contains("cannot give up new privileges");
    }

    private static boolean isRoot() {
        return System.getProperty("user.name").equals("root");
    }

    private static String[] asSomebodyElse() {
        return isRoot() ? new String[] {"--uid", "65534", "--gid", "65534"} : new String[0];
    }

    private static List<Long> startSeveral(LaunchedSupervisor skewer) throws IOException, InterruptedException {
        List<Long> processes = new ArrayList<>();
        processes.add(skewer.supervisorPid());
        for (String role : List.of("tcp", "udp", "store", "forward-file")) {
            processes.add(skewer.spawnShell(role, STUBBORN));
        }
        assertThat(processes).allMatch(LaunchedSupervisor::isRunning);
        return processes;
    }

    private static void assertAllDeadWithinASecond(List<Long> processes) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(1);
        while (processes.stream().anyMatch(LaunchedSupervisor::isRunning) && System.nanoTime() < end) {
            TimeUnit.MILLISECONDS.sleep(10);
        }
        assertThat(processes).noneMatch(LaunchedSupervisor::isRunning);
    }

    private static long socketsOf(long pid) throws IOException {
        try (var links = Files.list(Path.of("/proc/" + pid + "/fd"))) {
            return links.filter(link -> {
                        try {
                            return Files.readSymbolicLink(link).toString().startsWith("socket:");
                        } catch (IOException gone) {
                            return false;
                        }
                    })
                    .count();
        }
    }

    private static String refusalOf(String... arguments) throws IOException, InterruptedException {
        return run(List.of(LaunchedSupervisor.launcher().toString()), arguments);
    }

    private static String run(List<String> start, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(start);
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).isEqualTo(said.isEmpty() ? 0 : 2);
        return said;
    }
}
