package io.skewer.cli.confinement;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What confinement costs at the start of a child: the same small JVM from the request to the launcher until its end is told, without any
 * layer, in the jail, and sealed as well, in turns. It is no test: run it by the profile {@code bench} (docs/performance.md), which has the
 * cost under load too. {@code -Dbench.starts=20} says how often.
 */
class ConfinementBench {
    private static final String ID = "S06b";
    private static final String ALL_LAYERS = "namespaces,landlock,seccomp";

    @TempDir
    static Path directory;

    @Test
    void theSameChildWithAndWithoutConfinement() throws Exception {
        Map<String, List<Double>> millis = new TreeMap<>();
        try (ProbeHost open = ProbeHost.start(directory, ALL_LAYERS, false);
                ProbeHost jailed = ProbeHost.start(directory, "", false)) {
            for (int round = -2; round < Integer.getInteger("bench.starts", 20); round++) {
                for (String role : List.of("store", "forward-kafka")) {
                    take(millis, round, role + " 1 open", open, role, false);
                    take(millis, round, role + " 2 jailed", jailed, role, false);
                    take(millis, round, role + " 3 jailed and sealed", jailed, role, true);
                }
            }
        }
        millis.forEach((name, values) -> {
            List<Double> sorted = values.stream().sorted().toList();
            System.out.println(String.format(
                    Locale.ROOT,
                    "%-36s median %.1f ms, %.1f to %.1f, of %d",
                    name,
                    sorted.get(sorted.size() / 2),
                    sorted.getFirst(),
                    sorted.getLast(),
                    sorted.size()));
        });
    }

    /** Rounds below zero warm the caches of the system. */
    private static void take(
            Map<String, List<Double>> millis, int round, String name, ProbeHost host, String role, boolean sealed)
            throws Exception {
        long startNs = System.nanoTime();
        String outcome = String.valueOf(host.probe(Map.of(ID, List.of(role, "java:thread")), "-XX:+UseSerialGC", sealed)
                .get(ID));
        double tookMs = (System.nanoTime() - startNs) / 1e6;
        if (!outcome.equals("ok")) {
            throw new IllegalStateException(name + ": " + outcome);
        }
        if (round >= 0) {
            millis.computeIfAbsent(name, ignored -> new ArrayList<>()).add(tookMs);
        }
    }
}
