package io.skewer.cli.bench;

import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** One contender in one row, once: filled by whatever the row does. Used by one thread. */
final class Measurement {
    private final Row row;
    private final Contender contender;
    private final Map<Column, Double> values = new EnumMap<>(Column.class);
    private final Map<String, Double> cpuByProcess = new TreeMap<>();
    private String mark = "";

    Measurement(Row row, Contender contender) {
        this.row = row;
        this.contender = contender;
    }

    Row row() {
        return row;
    }

    Contender contender() {
        return contender;
    }

    /** Which part of a row this is, when it has several. */
    String mark() {
        return mark;
    }

    /** The values so far; belongs to this measurement. */
    Map<Column, Double> values() {
        return values;
    }

    Measurement marked(String part) {
        mark = part;
        return this;
    }

    Measurement with(Column column, double value) {
        values.put(column, value);
        return this;
    }

    /** CPU seconds per million messages, with the share of each process for the log. */
    Measurement withCpu(Column column, Map<String, Double> seconds, long messages) {
        double perMillion = 1e6 / Math.max(1, messages);
        seconds.forEach((name, value) -> cpuByProcess.put(name, value * perMillion));
        return with(column, ProcessTree.sum(seconds) * perMillion);
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "%-22s %-9s %s: %s; CPU by process: %s",
                row.label(),
                contender.label(),
                mark,
                values.entrySet().stream()
                        .map(entry -> String.format(Locale.ROOT, entry.getKey().form(), entry.getValue()) + " "
                                + entry.getKey().title())
                        .collect(Collectors.joining(", ")),
                cpuByProcess.entrySet().stream()
                        .map(entry -> String.format(Locale.ROOT, "%s %.2f", entry.getKey(), entry.getValue()))
                        .collect(Collectors.joining(", ")));
    }
}
