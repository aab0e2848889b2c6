package io.skewer.cli.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** A process and all its descendants, as /proc shows them. */
record ProcessTree(ProcessHandle root) {
    /** USER_HZ: 100 on every Linux that Java runs on (man 5 proc, {@code /proc/pid/stat}). */
    private static final double TICKS_PER_SECOND = 100;

    private static final int UTIME = 11;
    private static final int STIME = 12;

    /** CPU seconds by name of process: user and system, of all threads. */
    Map<String, Double> cpuSeconds() {
        Map<String, Double> seconds = new TreeMap<>();
        for (long pid : pids()) {
            try {
                String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
                // The name may contain anything, so the fields are counted behind its last parenthesis; state is the
                // first.
                String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
                double ticks = Long.parseLong(fields[UTIME]) + Long.parseLong(fields[STIME]);
                seconds.merge(name(pid), ticks / TICKS_PER_SECOND, Double::sum);
            } catch (IOException gone) {
                // It ended between being listed and being read.
            }
        }
        return seconds;
    }

    /** Memory by name of process: proportional set size in MiB, so that shared pages count once over all. */
    Map<String, Double> pssMiB() {
        Map<String, Double> sizes = new TreeMap<>();
        for (long pid : pids()) {
            try {
                for (String line : Files.readAllLines(Path.of("/proc/" + pid + "/smaps_rollup"))) {
                    if (line.startsWith("Pss:")) {
                        sizes.merge(name(pid), Long.parseLong(line.split("\\s+", -1)[1]) / 1024.0, Double::sum);
                    }
                }
            } catch (IOException gone) {
                // As above.
            }
        }
        return sizes;
    }

    static double sum(Map<String, Double> byName) {
        return byName.values().stream().mapToDouble(value -> value).sum();
    }

    /** What was used since. */
    Map<String, Double> cpuSecondsSince(Map<String, Double> before) {
        Map<String, Double> difference = new TreeMap<>();
        cpuSeconds().forEach((name, value) -> difference.put(name, value - before.getOrDefault(name, 0.0)));
        return difference;
    }

    private List<Long> pids() {
        return Stream.concat(Stream.of(root), root.descendants())
                .map(ProcessHandle::pid)
                .toList();
    }

    private static String name(long pid) throws IOException {
        String command = Files.readString(Path.of("/proc/" + pid + "/cmdline")).split("\0", 2)[0];
        return command.substring(command.lastIndexOf('/') + 1);
    }
}
