package io.skewer.cli.micro;

import java.util.Locale;
import java.util.Objects;
import java.util.stream.Collectors;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;

/**
 * What one benchmark came to.
 *
 * @param name with its parameters
 * @param ns of one operation, mean
 * @param errorNs half of the interval in which the mean lies with 99.9 % confidence
 * @param allocatedBytes by one operation
 */
record Score(String name, double ns, double errorNs, double allocatedBytes) {
    private static final String ALLOCATED = "gc.alloc.rate.norm";

    static Score of(RunResult result) {
        String benchmark = result.getParams().getBenchmark();
        String parameters = result.getParams().getParamsKeys().stream()
                .map(key -> " " + key + "=" + result.getParams().getParam(key))
                .collect(Collectors.joining());
        Result<?> time = result.getPrimaryResult();
        Result<?> allocated =
                Objects.requireNonNull(result.getSecondaryResults().get(ALLOCATED), ALLOCATED);
        return new Score(
                benchmark.substring(benchmark.lastIndexOf('.') + 1) + parameters,
                time.getScore(),
                time.getScoreError(),
                allocated.getScore());
    }

    static Score parse(String line) {
        String[] cells = line.split("\t", -1);
        if (cells.length != 4) {
            throw new IllegalArgumentException("no score: " + line);
        }
        return new Score(
                cells[0], Double.parseDouble(cells[1]), Double.parseDouble(cells[2]), Double.parseDouble(cells[3]));
    }

    String line() {
        return String.format(Locale.ROOT, "%s\t%.2f\t%.2f\t%.1f", name, ns, errorNs, allocatedBytes);
    }

    /** What this would be on a machine that takes so many times as long. */
    Score times(double factor) {
        return new Score(name, ns * factor, errorNs * factor, allocatedBytes);
    }

    /** Beyond what both measurements' errors explain, and by more than what machines drift. */
    boolean isSlowerThan(Score before) {
        return ns - errorNs > before.ns + before.errorNs && ns > 1.1 * before.ns;
    }

    /** Allocation hardly varies; what it does comes from rare growth. */
    boolean allocatesMoreThan(Score before) {
        return allocatedBytes > 1.05 * before.allocatedBytes + 8;
    }
}
