package io.skewer.cli.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The processes of the daemon: their names, what they hold, and how they end. */
class ProcessesIT {
    @TempDir
    Path directory;

    @Test
    void psShowsAProcessForEachRole() throws Exception {
        try (TestDaemon daemon = TestDaemon.toFiles(directory)) {
            assertThat(daemon.children().keySet())
                    .containsExactlyInAnyOrder(
                            "skewer-tcp", "skewer-udp", "skewer-relp", "skewer-store", "skewer-forward-file");
            for (var child : daemon.children().entrySet()) {
                String name = Files.readString(
                                Path.of("/proc/" + child.getValue().pid() + "/comm"))
                        .strip();
                assertThat(child.getKey()).startsWith(name);
            }
        }
    }

    @Test
    void aListenerHoldsNeitherFilesOfTheStoreNorTheLauncherSocket() throws Exception {
        try (TestDaemon daemon = TestDaemon.toFiles(directory)) {
            List<String> held = descriptors(daemon.children().get("skewer-tcp").pid());
            assertThat(held)
                    .noneMatch(target -> target.startsWith(directory.toString()) && !target.endsWith("serve.log"));
            // The control link, the last words, the link to the store, one listening socket.
            assertThat(held.stream().filter(target -> target.startsWith("socket:")))
                    .hasSize(4);
        }
    }

    private static List<String> descriptors(long pid) throws IOException {
        List<String> targets = new ArrayList<>();
        try (Stream<Path> links = Files.list(Path.of("/proc/" + pid + "/fd"))) {
            for (Path link : links.toList()) {
                try {
                    targets.add(Files.readSymbolicLink(link).toString());
                } catch (NoSuchFileException closedMeanwhile) {
                    // It was open for a moment: a process at work reads files of /proc.
                }
            }
        }
        return targets;
    }

    @Test
    void aStopInOrderClosesTheStoreInOrder() throws Exception {
        try (TestDaemon daemon = TestDaemon.toFiles(directory)) {
            daemon.stop();
            Execution stat = Execution.ofSkewer(
                    "store",
                    "stat",
                    "--json",
                    "--config",
                    daemon.home().toString(),
                    "--store",
                    daemon.store().toString());
            assertThat(stat.out()).contains("\"closed_in_order\":true");
        }
    }

    /** The filter judges what the process called in the end: strace makes another call of one that all make. */
    @Test
    void aProcessThatMakesACallOutsideOfItsListIsToldByNameCountedAndStartedAgain() throws Exception {
        String strace = Required.program("strace", "strace");
        try (TestDaemon daemon = TestDaemon.toFiles(directory)) {
            ProcessHandle victim = daemon.children().get("skewer-store");
            Process changing = new ProcessBuilder(
                            strace,
                            "-f",
                            "-qq",
                            "-o",
                            "/dev/null",
                            "-e",
                            "inject=futex:retval=0:syscall=getpgrp",
                            "-p",
                            "" + victim.pid())
                    .redirectErrorStream(true)
                    .redirectOutput(directory.resolve("strace.log").toFile())
                    .start();
            daemon.awaitSuccessor("skewer-store", victim);
            assertThat(changing.waitFor(60, TimeUnit.SECONDS)).isTrue();
            daemon.await(
                    "the name of the call",
                    () -> daemon.log().contains("event=process.call_refused process=store call=getpgrp"));
            assertThat(daemon.log()).contains("skewer: the filter refused the system call getpgrp");
            assertThat(daemon.metric("skewer_refused_calls_total", "store")).isEqualTo(1);
        }
    }

    @Test
    void noSecretStandsInArgumentsOrEnvironment() throws Exception {
        String secret = "c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0MDE=";
        try (TestDaemon daemon = new DaemonSetup(directory)
                .sections("[store]\nsecret = \"" + secret + "\"\n")
                .start()) {
            List<ProcessHandle> all = Stream.concat(
                            Stream.of(daemon.serve().process().toHandle()),
                            daemon.serve().process().descendants())
                    .toList();
            assertThat(all).hasSizeGreaterThan(5);
            for (ProcessHandle process : all) {
                assertThat(Files.readString(Path.of("/proc/" + process.pid() + "/cmdline")))
                        .doesNotContain(secret);
                assertThat(Files.readString(Path.of("/proc/" + process.pid() + "/environ")))
                        .doesNotContain(secret);
            }
            assertThat(daemon.log()).doesNotContain(secret);
        }
    }

    @Test
    void allChildrenEndWithinASecondWhenTheSupervisorIsKilled() throws Exception {
        try (TestDaemon daemon = TestDaemon.toFiles(directory)) {
            assertAllEndAfterKilling(daemon, daemon.supervisor());
        }
    }

    @Test
    void allProcessesEndWithinASecondWhenTheLauncherIsKilled() throws Exception {
        try (TestDaemon daemon = TestDaemon.toFiles(directory)) {
            assertAllEndAfterKilling(daemon, daemon.serve().process().toHandle());
        }
    }

    private static void assertAllEndAfterKilling(TestDaemon daemon, ProcessHandle victim) throws Exception {
        Collection<ProcessHandle> children = daemon.children().values();
        assertThat(children).hasSize(5);
        victim.destroyForcibly();
        long killedNs = System.nanoTime();
        while (children.stream().anyMatch(child -> TestDaemon.runs(child.pid()))) {
            assertThat(System.nanoTime() - killedNs).isLessThan(TimeUnit.SECONDS.toNanos(1));
            Thread.sleep(5);
        }
    }

    @Test
    void aStopDeliversWhatWasAcknowledgedAndARestartLosesNothing() throws Exception {
        int count = 300;
        try (TestDaemon daemon = TestDaemon.toFiles(directory)) {
            try (RelpClient client = new RelpClient(daemon.relpPort)) {
                for (int number = 0; number < count; number++) {
                    client.syslog(TcpSender.message("sender", number));
                }
                assertThat(client.awaitAnswers(0)).isEqualTo(count);
            }
            daemon.restart();
            assertThat(daemon.awaitMessages(count).faults(count, "sender")).isEmpty();
        }
    }

    @Test
    void theDaemonStopsInOrderAndWithStatusZero() throws Exception {
        try (TestDaemon daemon = TestDaemon.toFiles(directory)) {
            Process launcher = daemon.serve().process();
            launcher.destroy();
            assertThat(launcher.waitFor(20, TimeUnit.SECONDS)).isTrue();
            assertThat(launcher.exitValue()).isZero();
            assertThat(daemon.log()).contains("daemon.stopped");
            assertThat(daemon.log()).doesNotContain("process.killed").doesNotContain("process.died");
        }
    }
}
