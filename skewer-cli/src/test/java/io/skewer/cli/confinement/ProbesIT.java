package io.skewer.cli.confinement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.skewer.cli.role.Role;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Every probe of {@code probes.tsv}, each in its own process that the real launcher started in the real role with the flags that skewer ships:
 * without a jail, where it must reach the kernel or succeed, in the jail, and sealed. All of it as root and as an ordinary user, what is sealed
 * under each collector. Ids are those of the acceptance suite.
 */
@EnabledOnOs(OS.LINUX)
class ProbesIT {
    private static final String ALL_LAYERS = "namespaces,landlock,seccomp";
    private static final String SERIAL = "-XX:+UseSerialGC";
    private static final List<String> ROLES =
            Stream.of(Role.values()).map(Role::title).toList();

    @TempDir
    static Path directory;

    private record Probe(String id, String role, List<String> action, String control, String jailed, String sealed) {
        String expected(Mode mode) {
            return switch (mode) {
                case CONTROL -> control;
                case JAILED -> jailed;
                case SEALED -> sealed;
            };
        }
    }

    enum Mode {
        CONTROL,
        JAILED,
        SEALED
    }

    @Test
    void everyControlReachesTheKernel() throws Exception {
        assertThat(faults(Mode.CONTROL, false, SERIAL)).isEmpty();
    }

    @Test
    void theJailStopsWhatItShould() throws Exception {
        assertThat(faults(Mode.JAILED, false, SERIAL)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {SERIAL, "-XX:+UseG1GC", "-XX:+UseZGC"})
    void theSealStopsWhatItShould(String collector) throws Exception {
        assertThat(faults(Mode.SEALED, false, collector)).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void asAnOrdinaryUserItIsTheSame(Mode mode) throws Exception {
        assumeThat(ProbeHost.isRoot()).as("else the other tests are this one").isTrue();
        assertThat(faults(mode, true, SERIAL)).isEmpty();
    }

    /** S11: threads without end. The limit is one of the user, from which the kernel exempts root. */
    @Test
    void aProcessThatStartsThreadsWithoutEndIsStoppedAndTheNextOneStarts() throws Exception {
        assumeThat(ProbeHost.isRoot()).isTrue();
        try (ProbeHost host = ProbeHost.start(directory, "", true)) {
            assertThat(host.probe(Map.of("S11", List.of("tcp", "java:threads", "10000")), SERIAL, true))
                    .containsEntry("S11", "stopped");
            assertThat(host.probe(Map.of("S06b", List.of("tcp", "java:thread")), SERIAL, true))
                    .containsEntry("S06b", "ok");
        }
        // Not sealed: the limit to the memory of a sealed process would end it first.
        try (ProbeHost host = ProbeHost.start(directory, "", false)) {
            assertThat(host.probe(Map.of("S11", List.of("tcp", "java:threads", "10000")), SERIAL, false))
                    .as("the control: the same, of a user without that limit")
                    .containsEntry("S11", "ok");
        }
    }

    /** S27: a program of root with the set-uid bit, in the image itself. */
    @Test
    void aSetUidProgramGivesNothing() throws Exception {
        assumeThat(ProbeHost.isRoot()).isTrue();
        try (ProbeHost host = ProbeHost.start(directory, "", true)) {
            Path program = host.installation().resolve("native/whoami");
            Files.copy(Path.of("/usr/bin/whoami"), program);
            Files.setAttribute(program, "unix:mode", 04755);
            Process control = new ProcessBuilder(
                            "setpriv",
                            "--reuid=" + ProbeHost.ORDINARY,
                            "--clear-groups",
                            "--regid=" + ProbeHost.ORDINARY,
                            program.toString())
                    .redirectErrorStream(true)
                    .start();
            assertThat(new String(control.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                    .as("the control: without a jail it becomes root")
                    .contains("root");
            List<String> action = List.of("tcp", "java:who", program.toString());
            assertThat(host.probe(Map.of("S27", action), SERIAL, false).get("S27"))
                    .contains(ProbeHost.ORDINARY);
            assertThat(host.probe(Map.of("S27", action), SERIAL, true).get("S27"))
                    .isIn("killed", "refused");
            Files.delete(program);
        }
    }

    /**
     * S55. No test can count on being allowed to raise the limit for locked memory. So strace says to the process that there is none, and the kernel
     * locks because the process is root's; what is locked, and that everything is, is the kernel's own account.
     */
    @Test
    void aSealedProcessThatMayLockItsMemoryHasNoPageThatCouldBeSwapped() throws Exception {
        assumeThat(ProbeHost.isRoot()).isTrue();
        assumeThat(Files.isExecutable(Path.of("/usr/bin/strace"))).isTrue();
        Path home = ProbeHost.install(directory);
        Map<String, Long> limited = memory(home, "prlimit", "--memlock=8388608:8388608");
        assertThat(limited).as("the control: with a limit nothing is locked").containsEntry("VmLck", 0L);
        assertThat(limited).containsEntry("Locked", 0L).containsEntry("Seccomp", 2L);
        Map<String, Long> locked = memory(
                home,
                ChangedKernel.forAll("prlimit64", "poke_exit=@arg4=" + "f".repeat(32))
                        .toArray(String[]::new));
        assertThat(locked).containsEntry("Seccomp", 2L);
        assertThat(locked.get("Pss")).isGreaterThan(20_000);
        // All but the page or two that belong to the kernel.
        assertThat(locked.get("Locked")).isGreaterThan(locked.get("Pss") - 100);
    }

    private static Map<String, Long> memory(Path home, String... before) throws Exception {
        List<String> command = new ArrayList<>(List.of(before));
        command.addAll(List.of(
                home.resolve("runtime/bin/java").toString(),
                SERIAL,
                "-Xmx64m",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-Dskewer.native=" + home.resolve("native"),
                "-cp",
                home.resolve("lib/skewer-cli.jar") + ":" + home.resolve("classes"),
                LockedMain.class.getName(),
                "store"));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        Map<String, Long> memory = new TreeMap<>();
        for (String line : process.inputReader(StandardCharsets.UTF_8).lines().toList()) {
            memory.put(line.substring(0, line.indexOf(':')), Long.valueOf(line.replaceAll("\\D", "")));
        }
        assertThat(process.waitFor()).isZero();
        return memory;
    }

    private static List<String> faults(Mode mode, boolean ordinary, String collector) throws Exception {
        List<String> faults = new ArrayList<>();
        List<String> rows = new ArrayList<>();
        Map<String, List<String>> actions = new TreeMap<>();
        List<Probe> probes = probes();
        try (ProbeHost host = ProbeHost.start(directory, mode == Mode.CONTROL ? ALL_LAYERS : "", ordinary);
                ServerSocket server = new ServerSocket(0, 50, InetAddress.ofLiteral("127.0.0.1"))) {
            assertThat(host.prepared).startsWith("prepared");
            clean(host.directory());
            for (Probe probe : probes) {
                List<String> words = new ArrayList<>(List.of(probe.role));
                probe.action.forEach(word -> words.add(fill(word, host, server.getLocalPort())));
                assertThat(actions.put(probe.id, words)).as(probe.id).isNull();
            }
            Map<String, String> outcomes = host.probe(actions, collector, mode == Mode.SEALED);
            for (Probe probe : probes) {
                String outcome = String.valueOf(outcomes.get(probe.id));
                String expected = probe.expected(mode);
                rows.add(probe.id + "\t" + probe.role + "\t" + String.join(" ", probe.action) + "\t" + outcome);
                if (!List.of(expected.split("\\|", -1)).contains(outcome)) {
                    faults.add(probe.id + " in " + probe.role + ": " + outcome + " instead of " + expected);
                }
            }
            assertThat(heapDumps()).as("S54").isEmpty();
            assertThat(ProbeHost.said(directory))
                    .as("S56: a crash is told, whatever is sealed")
                    .contains("A fatal error has been detected");
            Files.delete(directory.resolve("errors"));
        }
        Path measured = Files.createDirectories(Path.of("target/probes"));
        Files.write(measured.resolve(mode + (ordinary ? "-ordinary" : "") + collector + ".tsv"), rows);
        return faults;
    }

    private static List<Path> heapDumps() throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(file -> file.toString().endsWith(".hprof")).toList();
        }
    }

    /** What probes made in earlier processes. */
    private static void clean(Path own) throws IOException {
        for (String name : List.of(
                "elsewhere/a",
                "elsewhere/b",
                "elsewhere/c",
                "elsewhere/d",
                "store/mine",
                "store/link",
                "store/fifo",
                "store/code.so",
                "store/other",
                "log/mine")) {
            Files.deleteIfExists(own.resolve(name));
        }
        Files.deleteIfExists(Path.of("/here"));
        Files.deleteIfExists(Path.of("/dev/shm/skewer-probe"));
    }

    private static String fill(String word, ProbeHost host, int port) {
        Path own = host.directory();
        return word.replace("{store}", own.resolve("store").toString())
                .replace("{log}", own.resolve("log").toString())
                .replace("{config}", own.resolve("config").toString())
                .replace("{elsewhere}", own.resolve("elsewhere").toString())
                .replace("{sibling}", Long.toString(host.supervisorPid()))
                .replace("{outer}", Long.toString(host.pid()))
                .replace("{port}", Integer.toString(port));
    }

    private static List<Probe> probes() throws IOException {
        try (InputStream table = ProbesIT.class.getResourceAsStream("probes.tsv")) {
            return new String(table.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(line -> line.split("\t", -1))
                    .flatMap(ProbesIT::ofEachRole)
                    .toList();
        }
    }

    /** A line for all roles is a probe in each. */
    private static Stream<Probe> ofEachRole(String... cells) {
        boolean all = cells[1].equals("all");
        return (all ? ROLES : List.of(cells[1]))
                .stream()
                        .map(role -> new Probe(
                                all ? cells[0] + "-" + role : cells[0],
                                role,
                                List.of(cells[2].split(" ", -1)),
                                cells[3],
                                cells[4],
                                cells[5]));
    }
}
