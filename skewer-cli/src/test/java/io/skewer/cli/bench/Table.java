package io.skewer.cli.bench;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toList;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** The medians of all rounds as a Markdown table, with what skewer is in relation to the other. */
final class Table {
    private record Column(String title, String form, ToDoubleFunction<Measurement> value) {}

    private static final List<Column> COLUMNS = List.of(
            new Column("messages/s", "%.0f", Measurement::perSecond),
            new Column("lost %", "%.3f", Measurement::lostPercent),
            new Column("CPU s per million", "%.2f", Measurement::cpuSecondsPerMillion),
            new Column("idle PSS MiB", "%.0f", one -> Measurement.sum(one.idleMiB())),
            new Column("busy PSS MiB", "%.0f", one -> Measurement.sum(one.busyMiB())),
            new Column("first answer s", "%.2f", one -> Measurement.seconds(one.acknowledged())),
            new Column("all started s", "%.2f", one -> Measurement.seconds(one.started())));

    private Table() {}

    static String of(List<Measurement> all) {
        StringBuilder text = new StringBuilder("| row | server |");
        COLUMNS.forEach(column -> text.append(' ').append(column.title()).append(" |"));
        text.append(" rate ratio | CPU ratio |\n|")
                .append(" --- |".repeat(COLUMNS.size() + 4))
                .append('\n');
        Map<Row, Map<Contender, List<Measurement>>> grouped = all.stream()
                .collect(groupingBy(
                        Measurement::row,
                        () -> new EnumMap<>(Row.class),
                        groupingBy(Measurement::contender, () -> new EnumMap<>(Contender.class), toList())));
        grouped.forEach((row, contenders) -> contenders.forEach((contender, rounds) -> {
            text.append("| ")
                    .append(row.label())
                    .append(" | ")
                    .append(contender.label())
                    .append(" |");
            COLUMNS.forEach(column -> text.append(' ')
                    .append(String.format(Locale.ROOT, column.form(), median(rounds, column.value())))
                    .append(" |"));
            List<Measurement> peer = contenders.get(Contender.RSYSLOG);
            text.append(ratio(rounds, peer, Measurement::perSecond))
                    .append(ratio(rounds, peer, Measurement::cpuSecondsPerMillion))
                    .append('\n');
        }));
        return text.toString();
    }

    private static String ratio(
            List<Measurement> rounds, @Nullable List<Measurement> peer, ToDoubleFunction<Measurement> value) {
        if (peer == null || peer.equals(rounds)) {
            return " |";
        }
        return String.format(Locale.ROOT, " %.2f |", median(rounds, value) / median(peer, value));
    }

    private static double median(List<Measurement> rounds, ToDoubleFunction<Measurement> value) {
        List<Double> sorted = new ArrayList<>(
                rounds.stream().map(value::applyAsDouble).sorted().toList());
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }
}
