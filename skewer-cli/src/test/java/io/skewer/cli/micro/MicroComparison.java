package io.skewer.cli.micro;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/**
 * Runs the micro-benchmarks, compares with the recorded baseline, and fails when something became slower or allocates more, beyond noise. Run it by the
 * profile {@code micro} (docs/performance.md); {@code -Dmicro.only=parse} runs those whose name matches, {@code -Dmicro.record=true} records anew.
 *
 * <p>Times are compared after they were scaled by {@link ReferenceBenchmark}: the machine of the baseline is not the one of today.
 */
class MicroComparison {
    private static final Path BASELINE =
            Path.of("src", "test", "resources", "io", "skewer", "cli", "micro", "baseline.tsv");
    private static final String REFERENCE = "reference";

    @Test
    void nothingIsSlowerOrAllocatesMoreThanWhenTheBaselineWasRecorded() throws RunnerException, IOException {
        List<Score> scores = run(System.getProperty("micro.only", "."));
        Map<String, Score> baseline = baseline();
        if (Boolean.getBoolean("micro.record")) {
            scores.forEach(score -> baseline.put(score.name(), score));
            Files.write(BASELINE, baseline.values().stream().map(Score::line).toList());
            System.out.println("recorded in " + BASELINE.toAbsolutePath());
        } else {
            assertThat(worse(scores, baseline)).as("became worse").isEmpty();
        }
    }

    private static List<Score> run(String only) throws RunnerException {
        OptionsBuilder options = new OptionsBuilder();
        options.include("ReferenceBenchmark")
                .include("\\.micro\\..*(" + only + ")")
                .mode(Mode.AverageTime)
                .timeUnit(TimeUnit.NANOSECONDS)
                .forks(2)
                .warmupIterations(2)
                .warmupTime(TimeValue.seconds(1))
                .measurementIterations(4)
                .measurementTime(TimeValue.seconds(1))
                .jvmArgs(
                        "-Xmx256m",
                        "-XX:+UseSerialGC",
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow")
                .addProfiler(GCProfiler.class);
        return new Runner(options.build()).run().stream().map(Score::of).toList();
    }

    private static Map<String, Score> baseline() throws IOException {
        Map<String, Score> baseline = new TreeMap<>();
        if (Files.exists(BASELINE)) {
            for (String line : Files.readAllLines(BASELINE)) {
                Score score = Score.parse(line);
                baseline.put(score.name(), score);
            }
        }
        return baseline;
    }

    /** Prints all, and returns what is worse. */
    private static List<String> worse(List<Score> scores, Map<String, Score> baseline) {
        double speed = scores.stream()
                .filter(score -> score.name().equals(REFERENCE) && baseline.containsKey(REFERENCE))
                .mapToDouble(score -> baseline.getOrDefault(REFERENCE, score).ns() / score.ns())
                .findFirst()
                .orElse(1);
        List<String> worse = new ArrayList<>();
        System.out.printf(
                "%nThis machine is %.2f times as fast as that of the baseline; times are scaled by that.%n"
                        + "| operation | baseline ns | now ns | allocated bytes before | now | |%n| --- | --- | --- | --- | --- | --- |%n",
                speed);
        for (Score score : scores) {
            Score before = baseline.get(score.name());
            if (before == null) {
                throw new IllegalStateException(score.name() + " is not in the baseline: -Dmicro.record=true");
            }
            Score now = score.times(speed);
            String verdict = (now.isSlowerThan(before) ? "SLOWER " : before.isSlowerThan(now) ? "faster " : "")
                    + (now.allocatesMoreThan(before) ? "ALLOCATES MORE" : "");
            String line = String.format(
                    Locale.ROOT,
                    "| %s | %.1f ± %.1f | %.1f ± %.1f | %.0f | %.0f | %s |",
                    score.name(),
                    before.ns(),
                    before.errorNs(),
                    now.ns(),
                    now.errorNs(),
                    before.allocatedBytes(),
                    now.allocatedBytes(),
                    verdict.strip());
            System.out.println(line);
            if (now.isSlowerThan(before) || now.allocatesMoreThan(before)) {
                worse.add(line);
            }
        }
        return worse;
    }
}
