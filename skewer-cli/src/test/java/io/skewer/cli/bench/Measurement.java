package io.skewer.cli.bench;

import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * One contender in one row, once.
 *
 * @param acknowledged from the command to the answer to the first message, over RELP
 * @param started from the command until all parts of the server are at work
 * @param took from the first message sent to the last one at the destination
 * @param cpuSeconds by name of process
 * @param idleMiB by name of process, before anything was sent
 * @param busyMiB by name of process, at the end
 */
record Measurement(
        Row row,
        Contender contender,
        Duration acknowledged,
        Duration started,
        long sent,
        long arrived,
        Duration took,
        Map<String, Double> cpuSeconds,
        Map<String, Double> idleMiB,
        Map<String, Double> busyMiB) {

    double perSecond() {
        return arrived / seconds(took);
    }

    double cpuSecondsPerMillion() {
        return sum(cpuSeconds) * 1e6 / Math.max(1, arrived);
    }

    double lostPercent() {
        return 100.0 * (sent - arrived) / sent;
    }

    static double sum(Map<String, Double> byName) {
        return byName.values().stream().mapToDouble(value -> value).sum();
    }

    static double seconds(Duration duration) {
        return duration.toNanos() / 1e9;
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "%-26s %-8s %9.0f/s, lost %.3f %%, %.2f CPU s per million (%s), PSS %.0f -> %.0f MiB, acknowledged after %.2f s,"
                        + " started after %.2f s",
                row.label(),
                contender.label(),
                perSecond(),
                lostPercent(),
                cpuSecondsPerMillion(),
                cpuSeconds.entrySet().stream()
                        .map(entry -> String.format(
                                Locale.ROOT, "%s %.2f", entry.getKey(), entry.getValue() * 1e6 / Math.max(1, arrived)))
                        .collect(Collectors.joining(", ")),
                sum(idleMiB),
                sum(busyMiB),
                seconds(acknowledged),
                seconds(started));
    }
}
