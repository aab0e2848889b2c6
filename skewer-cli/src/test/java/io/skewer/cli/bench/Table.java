package io.skewer.cli.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;

/** Medians of all rounds: as a Markdown table, with what each is in relation to rsyslog, and as tab-separated values for programs. */
final class Table {
    /** What is one line of the table. */
    private record Entry(String row, String mark, Contender contender) {}

    private final Map<Entry, List<Measurement>> entries = new LinkedHashMap<>();
    private final List<Column> columns;
    private final List<Column> compared;

    Table(List<Measurement> all) {
        for (Measurement one : all) {
            entries.computeIfAbsent(new Entry(one.row().label(), one.mark(), one.contender()), _ -> new ArrayList<>())
                    .add(one);
        }
        columns = Arrays.stream(Column.values())
                .filter(column -> all.stream().anyMatch(one -> one.values().containsKey(column)))
                .toList();
        boolean alone = all.stream().noneMatch(one -> one.contender() == Contender.RSYSLOG);
        compared =
                alone ? List.of() : columns.stream().filter(Column::isCompared).toList();
    }

    String markdown() {
        StringBuilder text = new StringBuilder("| row | server |");
        columns.forEach(column -> text.append(' ').append(column.title()).append(" |"));
        compared.forEach(column -> text.append(' ').append(column.title()).append(", to rsyslog's |"));
        text.append("\n|")
                .append(" --- |".repeat(columns.size() + compared.size() + 2))
                .append('\n');
        entries.forEach((entry, rounds) -> {
            text.append("| ")
                    .append((entry.row() + " " + entry.mark()).strip())
                    .append(" | ")
                    .append(entry.contender().label())
                    .append(" |");
            columns.forEach(column -> cell(text, column.form(), median(rounds, column)));
            compared.forEach(column -> cell(text, "%.2f", ratio(entry, column)));
            text.append('\n');
        });
        return text.toString();
    }

    /** Lines of row, part of the row, server, quantity and value, without a head. */
    List<String> values() {
        List<String> lines = new ArrayList<>();
        entries.forEach((entry, rounds) -> columns.forEach(column -> median(rounds, column)
                .ifPresent(value -> lines.add(String.join(
                        "\t",
                        entry.row(),
                        entry.mark(),
                        entry.contender().label(),
                        column.title(),
                        String.format(Locale.ROOT, "%.4g", value).strip())))));
        return lines;
    }

    private static void cell(StringBuilder text, String form, OptionalDouble value) {
        text.append(' ')
                .append(value.isPresent() ? String.format(Locale.ROOT, form, value.getAsDouble()) : "")
                .append(" |");
    }

    private OptionalDouble ratio(Entry entry, Column column) {
        List<Measurement> peer = entries.get(new Entry(entry.row(), entry.mark(), Contender.RSYSLOG));
        if (peer == null || entry.contender() == Contender.RSYSLOG) {
            return OptionalDouble.empty();
        }
        OptionalDouble own = median(entries.getOrDefault(entry, List.of()), column);
        OptionalDouble other = median(peer, column);
        return own.isPresent() && other.isPresent()
                ? OptionalDouble.of(own.getAsDouble() / other.getAsDouble())
                : OptionalDouble.empty();
    }

    private static OptionalDouble median(List<Measurement> rounds, Column column) {
        double[] sorted = rounds.stream()
                .filter(one -> one.values().containsKey(column))
                .mapToDouble(one -> one.values().getOrDefault(column, 0.0))
                .sorted()
                .toArray();
        if (sorted.length == 0) {
            return OptionalDouble.empty();
        }
        int middle = sorted.length / 2;
        return OptionalDouble.of(sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2);
    }
}
