package io.skewer.cli.confinement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every probe of {@code probes.tsv}, each in its own process that the real launcher started in the real role: without a jail, where it must
 * reach the kernel or succeed, in the jail, and sealed. Ids are those of the acceptance suite.
 */
@EnabledOnOs(OS.LINUX)
class ProbesIT {
    private static final String ALL_LAYERS = "namespaces,landlock,seccomp";
    private static final String SERIAL = "-XX:+UseSerialGC";

    @TempDir
    static Path directory;

    private record Probe(String id, String role, List<String> action, String control, String jailed, String sealed) {}

    private enum Mode {
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

    @Test
    void theSealStopsWhatItShould() throws Exception {
        assertThat(faults(Mode.SEALED, false, SERIAL)).isEmpty();
    }

    @Test
    void theSealStopsWhatItShouldAsAnOrdinaryUser() throws Exception {
        assumeThat(ProbeHost.isRoot()).as("else the other tests are this one").isTrue();
        assertThat(faults(Mode.SEALED, true, SERIAL)).isEmpty();
    }

    @Test
    void theSealHoldsUnderOtherCollectors() throws Exception {
        assertThat(faults(Mode.SEALED, false, "-XX:+UseG1GC", "S06b", "S45b", "S47a", "S48", "S26"))
                .isEmpty();
        assertThat(faults(Mode.SEALED, false, "-XX:+UseZGC", "S06b", "S45b", "S47a", "S48", "S26"))
                .isEmpty();
    }

    private static List<String> faults(Mode mode, boolean ordinary, String collector, String... only) throws Exception {
        List<String> faults = new ArrayList<>();
        List<String> rows = new ArrayList<>();
        try (ProbeHost host = ProbeHost.start(directory, mode == Mode.CONTROL ? ALL_LAYERS : "", ordinary);
                ServerSocket server = new ServerSocket(0, 50, InetAddress.ofLiteral("127.0.0.1"))) {
            assertThat(host.prepared).startsWith("prepared");
            for (Probe probe : probes()) {
                if (only.length > 0 && !List.of(only).contains(probe.id)) {
                    continue;
                }
                clean(host.directory());
                List<String> action = probe.action.stream()
                        .map(word -> fill(word, host, server.getLocalPort()))
                        .toList();
                String outcome = host.probe(probe.role, collector, mode == Mode.SEALED, action);
                String expected = switch (mode) {
                    case CONTROL -> probe.control;
                    case JAILED -> probe.jailed;
                    case SEALED -> probe.sealed;
                };
                rows.add(probe.id + "\t" + probe.role + "\t" + String.join(" ", probe.action) + "\t" + outcome);
                if (!List.of(expected.split("\\|", -1)).contains(outcome)) {
                    faults.add(probe.id + " in " + probe.role + ": " + outcome + " instead of " + expected);
                }
            }
        }
        Path measured = Files.createDirectories(Path.of("target/probes"));
        Files.write(measured.resolve(mode + (ordinary ? "-ordinary" : "") + collector + ".tsv"), rows);
        return faults;
    }

    /** What probes made in earlier processes. */
    private static void clean(Path own) throws IOException {
        for (String name : List.of(
                "elsewhere/a",
                "elsewhere/b",
                "elsewhere/c",
                "store/mine",
                "store/link",
                "store/fifo",
                "store/code.so",
                "store/other",
                "log/mine")) {
            Files.deleteIfExists(own.resolve(name));
        }
        Files.deleteIfExists(Path.of("/here"));
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
                    .map(cells -> new Probe(
                            cells[0], cells[1], List.of(cells[2].split(" ", -1)), cells[3], cells[4], cells[5]))
                    .toList();
        }
    }
}
