package io.skewer.cli.supervise;

import io.skewer.core.measure.Sample;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/**
 * What the counters of one role had come to in the processes of that role that have ended. With it a counter goes on where it stood when its
 * process is started again, and never backwards while the daemon lives. What a process counted after it was last asked is not in it.
 *
 * <p>Immutable. Bounded, since it holds what processes say that may have been taken over: series beyond the limit are forgotten with their
 * process.
 */
final class CounterTotals {
    /** As many as one process may have. */
    static final int SERIES_MAX = 10_000;

    static final CounterTotals NONE = new CounterTotals(Map.of());

    private record Series(String name, SortedMap<String, String> labels) {
        static Series of(Sample sample) {
            return new Series(sample.name(), sample.labels());
        }
    }

    private final Map<Series, Sample> totals;

    private CounterTotals(Map<Series, Sample> totals) {
        this.totals = totals;
    }

    /** With the last samples of another process that ended. */
    CounterTotals plus(List<Sample> last) {
        Map<Series, Sample> sums = new HashMap<>(totals);
        for (Sample sample : last) {
            Series series = Series.of(sample);
            boolean counts =
                    sample.kind() == Sample.Kind.COUNTER && sample.value() > 0 && Double.isFinite(sample.value());
            if (counts && (sums.containsKey(series) || sums.size() < SERIES_MAX)) {
                sums.merge(series, sample, CounterTotals::sum);
            }
        }
        return new CounterTotals(Map.copyOf(sums));
    }

    /** The samples of the process that runs now, with all that its predecessors counted. */
    List<Sample> addedTo(List<Sample> live) {
        Map<Series, Sample> left = new LinkedHashMap<>(totals);
        List<Sample> all = new ArrayList<>(live.size());
        for (Sample sample : live) {
            Sample before = sample.kind() == Sample.Kind.COUNTER ? left.remove(Series.of(sample)) : null;
            all.add(before == null ? sample : sum(sample, before));
        }
        all.addAll(left.values());
        return all;
    }

    private static Sample sum(Sample one, Sample other) {
        return new Sample(one.name(), one.kind(), one.help(), one.labels(), one.value() + other.value());
    }
}
