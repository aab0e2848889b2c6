package io.skewer.cli.supervise;

import io.skewer.core.measure.Measures;
import io.skewer.core.measure.Sample;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
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
                    child,
                    child.measure().completeOnTimeout(child.lastSamples(), PATIENCE_MS, TimeUnit.MILLISECONDS));
        }
        List<Sample> all = new ArrayList<>(labelled(own.snapshot(), "supervisor"));
        answers.forEach((child, answer) -> all.addAll(labelled(answer.join(), child.role().title())));
        return all;
    }

    private static List<Sample> labelled(List<Sample> samples, String process) {
        return samples.stream().map(sample -> labelled(sample, process)).toList();
    }

    private static Sample labelled(Sample sample, String process) {
        SortedMap<String, String> labels = new TreeMap<>(sample.labels());
        labels.put("process", process);
        return new Sample(sample.name(), sample.kind(), sample.help(), labels, sample.value());
    }
}
