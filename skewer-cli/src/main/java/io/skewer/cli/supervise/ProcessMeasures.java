package io.skewer.cli.supervise;

import io.skewer.core.measure.Measures;
import io.skewer.core.measure.ProcessSamples;
import io.skewer.core.measure.Sample;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Gathers the measures of all processes under a {@code process} label. */
final class ProcessMeasures {
    /** A scrape waits no longer; what a late child said before stands in. */
    private static final long PATIENCE_MS = 2_000;

    private ProcessMeasures() {}

    static List<Sample> gather(Measures own, List<Child> children) {
        Map<Child, CompletableFuture<List<Sample>>> answers = new LinkedHashMap<>();
        for (Child child : children) {
            answers.put(
                    child, child.measure().completeOnTimeout(child.lastSamples(), PATIENCE_MS, TimeUnit.MILLISECONDS));
        }
        ProcessSamples all = new ProcessSamples().add("supervisor", own.snapshot());
        answers.forEach((child, answer) -> all.add(child.role().title(), answer.join()));
        return all.all();
    }
}
