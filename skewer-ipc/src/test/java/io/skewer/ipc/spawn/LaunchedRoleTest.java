package io.skewer.ipc.spawn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What a process gets from the launcher, seen by a role that is a line of shell. */
@Timeout(60)
@EnabledOnOs(OS.LINUX)
class LaunchedRoleTest {
    private static final String LIST_DESCRIPTORS = "ls -l /proc/$$/fd >&3; true";

    @TempDir
    static Path home;

    @Test
    void aRoleHasExactlyFourDescriptors() throws Exception {
        try (var skewer = LaunchedSupervisor.start(home)) {
            // More sockets on the launcher's and the supervisor's side must not show in a later child.
            skewer.tell("udp", "127.0.0.1", "0");
            skewer.spawnShell("store", "sleep 30; true");
            List<String> descriptors = skewer.outputOf("tcp", LIST_DESCRIPTORS)
                    .lines()
                    .filter(line -> line.contains("->"))
                    .map(line ->
                            line.replaceAll(".* (\\d+ -> \\w+:?).*", "$1").replaceAll(".* (\\d+ -> /\\S+).*", "$1"))
                    .toList();
            assertThat(descriptors).hasSize(4);
            assertThat(descriptors.get(0)).isEqualTo("0 -> /dev/null");
            assertThat(descriptors.get(1)).isEqualTo("1 -> /dev/null");
            assertThat(descriptors.get(2)).startsWith("2 -> ");
            assertThat(descriptors.get(3)).isEqualTo("3 -> socket:");
        }
    }

    @Test
    void theEnvironmentHoldsNothingOfTheOperators() throws Exception {
        try (var skewer = LaunchedSupervisor.start(home)) {
            String environment = skewer.outputOf("tcp", "tr '\\0' '\\n' </proc/$$/environ >&3; true");
            assertThat(environment.lines())
                    .containsExactly(
                            "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
                            "LANG=C.UTF-8",
                            "MALLOC_ARENA_MAX=1",
                            "MALLOC_TRIM_THRESHOLD_=131072",
                            "TZ=Europe/Zurich");
        }
    }

    @Test
    void theProcessTableShowsTheRole() throws Exception {
        try (var skewer = LaunchedSupervisor.start(home)) {
            String commandLine = skewer.outputOf("forward-kafka", "tr '\\0' ' ' </proc/$$/cmdline >&3; true");
            assertThat(commandLine).startsWith("skewer-forward-kafka -c ");
            long supervisor = skewer.supervisorPid();
            assertThat(Files.readString(Path.of("/proc/" + supervisor + "/cmdline")))
                    .contains("ToldSupervisor");
        }
    }

    @Test
    void aRoleCannotGainPrivilegesAndLeadsItsOwnSession() throws Exception {
        try (var skewer = LaunchedSupervisor.start(home)) {
            // Read by the shell itself: while it waits for a program it blocks a signal of its own.
            String script =
                    "for file in status stat; do while read line; do echo $line; done </proc/$$/$file; done >&3;"
                            + " echo pid $$ >&3";
            String status = skewer.outputOf("tcp", script);
            assertThat(status).containsPattern("NoNewPrivs:\\s+1").containsPattern("SigBlk:\\s+0+\n");
            String pid = status.replaceAll("(?s).*pid (\\d+)\\s*$", "$1");
            // proc(5): pid (comm) state ppid pgrp session
            assertThat(status)
                    .contains(pid + " (bash) ")
                    .containsPattern("\\(bash\\) \\S " + skewer.pid() + " " + pid + " " + pid + " ");
        }
    }

    @Test
    void standardOutputIsKeptOnlyWhenAskedFor() throws Exception {
        try (var skewer = LaunchedSupervisor.start(home)) {
            skewer.tell("spawn", "tcp", "quiet", "-c", "echo into nothing; true");
            assertThat(skewer.tell("event")).contains("value=0");
            skewer.say("spawn", "forward-stderr", "stdout", "-c", "echo for people; exec sleep 30");
            List<String> lines = List.of(skewer.nextLine(), skewer.nextLine());
            assertThat(lines).contains("for people").doesNotContain("into nothing");
        }
    }

    @Test
    void aRoleReadsNothingFromTheTerminal() throws Exception {
        try (var skewer = LaunchedSupervisor.start(home)) {
            assertThat(skewer.outputOf("tcp", "read line || echo end >&3")).isEqualTo("end\n");
        }
    }

    /** The supervisor is a line of shell that shows what it has: flags that end in 1 are for writing only. */
    @Test
    void noProcessCanReadWhatIsTypedAtTheTerminalThatItWritesTo() throws Exception {
        assumeThat(Path.of("/usr/bin/script")).as("it makes a terminal").exists();
        String show = "for n in 1 2; do while read name value; do [ \"$name\" = flags: ] && echo fd$n $value; done"
                + " </proc/$$/fdinfo/$n; done; readlink /proc/$$/fd/0; [ -t 1 ] && echo terminal";
        Path run = home.resolve("run");
        Files.writeString(
                run,
                "exec " + LaunchedSupervisor.launcher() + " /bin/sh -c '" + show + "' serve --store=" + home
                        + "/typed");
        Process process = new ProcessBuilder("script", "-qec", "sh " + run, "/dev/null")
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .start();
        List<String> lines = process.inputReader(StandardCharsets.UTF_8).lines().toList();
        assertThat(lines).hasSize(4);
        assertThat(lines.get(0)).matches("fd1 [0-7]*1");
        assertThat(lines.get(1)).matches("fd2 [0-7]*1");
        assertThat(lines.get(2)).endsWith("/null");
        assertThat(lines.get(3)).isEqualTo("terminal");
    }

    @Test
    void everyProcessBecomesTheUserOfTheCommandLine() throws Exception {
        assumeThat(System.getProperty("user.name"))
                .as("only root can become somebody")
                .isEqualTo("root");
        try (var skewer = LaunchedSupervisor.start(home, "--config", "x", "--uid", "65534", "--gid=65533")) {
            String status = skewer.outputOf("tcp", "cat /proc/$$/status >&3; true");
            assertThat(status)
                    .containsPattern("Uid:\t65534\t65534\t65534\t65534\n")
                    .containsPattern("Gid:\t65533\t65533\t65533\t65533\n")
                    .containsPattern("CapEff:\t0+\n")
                    .containsPattern("CapPrm:\t0+\n");
            assertThat(groups(status)).isSubsetOf("65533", "65534");
            String supervisor = Files.readString(Path.of("/proc/" + skewer.supervisorPid() + "/status"));
            assertThat(supervisor)
                    .containsPattern("Uid:\t65534\t65534\t65534\t65534\n")
                    .containsPattern("CapEff:\t0+\n");
        }
    }

    @Test
    void aUserByNameBringsItsPrimaryGroup() throws Exception {
        assumeThat(System.getProperty("user.name")).isEqualTo("root");
        assumeThat(Files.readString(Path.of("/etc/passwd"))).contains("nobody:x:65534:65534:");
        try (var skewer = LaunchedSupervisor.start(home, "--uid=nobody")) {
            assertThat(skewer.outputOf("tcp", "cat /proc/$$/status >&3; true"))
                    .containsPattern("Uid:\t65534\t65534\t65534\t65534\n")
                    .containsPattern("Gid:\t65534\t65534\t65534\t65534\n");
        }
    }

    @Test
    void everyRoleBecomesItsOwnUserOfTheRange() throws Exception {
        assumeThat(System.getProperty("user.name")).isEqualTo("root");
        Path store = home.resolve("store-of-its-own");
        String[] options = {"--uid", "65534", "--gid=65533", "--uid-range=64000-64015", "--store=" + store};
        Map<String, Integer> numbers = Map.of(
                "store", 0, "tcp", 1, "udp", 2, "relp", 3, "forward-file", 4, "forward-kafka", 5, "forward-stderr", 6);
        try (var skewer = LaunchedSupervisor.start(home, options)) {
            for (var number : numbers.entrySet()) {
                int user = 64000 + number.getValue();
                // What it writes is read by people, who have the group of the command line.
                int group = number.getKey().equals("forward-file") ? 65533 : user;
                String status = skewer.outputOf(number.getKey(), "cat /proc/$$/status /proc/$$/limits >&3; true");
                assertThat(status)
                        .as(number.getKey())
                        .contains(("Uid:" + "\t%d".repeat(4) + "\n").formatted(user, user, user, user))
                        .contains(("Gid:" + "\t%d".repeat(4) + "\n").formatted(group, group, group, group))
                        .containsPattern("CapPrm:\t0+\n")
                        .containsPattern("Max processes +512 +512");
                assertThat(groups(status)).isEmpty();
            }
            assertThat(Files.readString(Path.of("/proc/" + skewer.supervisorPid() + "/status")))
                    .containsPattern("Uid:\t65534\t65534\t65534\t65534\n");
            assertThat(Files.getAttribute(store, "unix:uid")).isEqualTo(64000);
        }
    }

    private static List<String> groups(String status) {
        return status.lines()
                .filter(line -> line.startsWith("Groups:"))
                .flatMap(line -> List.of(line.substring(7).strip().split(" ")).stream())
                .filter(group -> !group.isEmpty())
                .toList();
    }
}
