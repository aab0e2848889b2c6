package io.skewer.core.measure;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.DoubleSupplier;

/**
 * The measures of one process. Safe for use by several threads.
 *
 * <p>Labels must come from the configuration or from a fixed list, never from a message: their number is bounded by
 * {@value #MAX_SERIES}, beyond which a new series is refused.
 */
public final class Measures {
    /** More than any configuration needs; reached only by a label that comes from outside, which is a mistake. */
    static final int MAX_SERIES = 10_000;

    private record Key(String name, SortedMap<String, String> labels) {}

    private record Series(Sample.Kind kind, String help, DoubleSupplier value, Object owner) {}

    private final Map<Key, Series> series = new ConcurrentHashMap<>();

    /**
     * The counter of that name and those labels, made at the first call.
     *
     * @param labels name, value, name, value...
     */
    public Counter counter(String name, String help, String... labels) {
        Key key = new Key(name, labelMap(labels));
        Series found = series.computeIfAbsent(key, ignored -> {
            checkRoom();
            Counter counter = new Counter();
            return new Series(Sample.Kind.COUNTER, help, counter::value, counter);
        });
        if (!(found.owner() instanceof Counter counter)) {
            throw new IllegalStateException(name + " is not a counter");
        }
        return counter;
    }

    /** A count that somebody else keeps, and that is asked for when somebody looks; a later one of the same name and labels takes its place. */
    public void countedElsewhere(String name, String help, DoubleSupplier count, String... labels) {
        checkRoom();
        series.put(new Key(name, labelMap(labels)), new Series(Sample.Kind.COUNTER, help, count, count));
    }

    /** A value that is asked for when somebody looks; a later gauge of the same name and labels takes its place. */
    public void gauge(String name, String help, DoubleSupplier value, String... labels) {
        checkRoom();
        series.put(new Key(name, labelMap(labels)), new Series(Sample.Kind.GAUGE, help, value, value));
    }

    private void checkRoom() {
        if (series.size() >= MAX_SERIES) {
            throw new IllegalStateException("more than " + MAX_SERIES + " series");
        }
    }

    /** All values now, ordered by name and labels. */
    public List<Sample> snapshot() {
        List<Sample> samples = new ArrayList<>();
        series.forEach((key, measured) -> samples.add(new Sample(
                key.name(),
                measured.kind(),
                measured.help(),
                key.labels(),
                measured.value().getAsDouble())));
        samples.sort((a, b) -> {
            int byName = a.name().compareTo(b.name());
            return byName != 0
                    ? byName
                    : a.labels().toString().compareTo(b.labels().toString());
        });
        return samples;
    }

    private static SortedMap<String, String> labelMap(String... labels) {
        if (labels.length % 2 != 0) {
            throw new IllegalArgumentException("labels come in pairs");
        }
        SortedMap<String, String> map = new TreeMap<>();
        for (int i = 0; i < labels.length; i += 2) {
            map.put(labels[i], labels[i + 1]);
        }
        return Collections.unmodifiableSortedMap(map);
    }
}
