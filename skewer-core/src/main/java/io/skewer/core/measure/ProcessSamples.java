package io.skewer.core.measure;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** Brings the samples of several processes together: each gets a label that says where it was measured. */
public final class ProcessSamples {
    /** The label; a process cannot set it for itself. */
    public static final String LABEL = "process";

    private final List<Sample> all = new ArrayList<>();

    /** Adds the samples of one process. */
    public ProcessSamples add(String process, List<Sample> samples) {
        for (Sample sample : samples) {
            SortedMap<String, String> labels = new TreeMap<>(sample.labels());
            labels.put(LABEL, process);
            all.add(new Sample(
                    sample.name(),
                    sample.kind(),
                    sample.help(),
                    Collections.unmodifiableSortedMap(labels),
                    sample.value()));
        }
        return this;
    }

    public List<Sample> all() {
        return Collections.unmodifiableList(all);
    }
}
