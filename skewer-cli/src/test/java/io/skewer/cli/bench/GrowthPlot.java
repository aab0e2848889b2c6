package io.skewer.cli.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Draws what a message costs while something grows, from the result files of the bench. The bench does it for the groups that it ran; run by hand with
 * a directory that holds {@code backlog.tsv}, {@code connections.tsv} or {@code sizes.tsv}, it writes an SVG beside each.
 */
final class GrowthPlot {
    private static final int BYTES_OF_256B = 256;

    /** One line of a result file, as {@link Table#values} writes it. */
    private record Value(String row, String mark, String server, String quantity, double value) {
        static Value parse(String line) {
            String[] cells = line.split("\t", -1);
            if (cells.length != 5) {
                throw new IllegalArgumentException("no result: " + line);
            }
            return new Value(cells[0], cells[1], cells[2], cells[3], Double.parseDouble(cells[4]));
        }
    }

    private GrowthPlot() {}

    /** @param arguments a directory */
    public static void main(String[] arguments) throws IOException {
        Path directory = Path.of(arguments[0]);
        for (Group group : List.of(Group.BACKLOG, Group.CONNECTIONS, Group.SIZES)) {
            if (Files.exists(directory.resolve(group.label() + ".tsv"))) {
                draw(group, directory);
            }
        }
    }

    /** Writes the plot beside the result file of that group; nothing when the group is none that has a plot. */
    static void draw(Group group, Path directory) throws IOException {
        List<Value> values = Files.readAllLines(directory.resolve(group.label() + ".tsv")).stream()
                .map(Value::parse)
                .toList();
        LinePlot plot;
        switch (group) {
            case BACKLOG -> plot = backlog(values);
            case CONNECTIONS -> plot = connections(values);
            case SIZES -> plot = sizes(values);
            default -> {
                return;
            }
        }
        Files.writeString(directory.resolve(group.label() + ".svg"), plot.svg());
    }

    private static LinePlot backlog(List<Value> values) {
        Map<String, List<LinePlot.Point>> lines = new LinkedHashMap<>();
        for (Value one : values) {
            if (one.quantity().equals(Column.KEPT_CPU.title())) {
                add(lines, "kept while Kafka is down", one.mark(), one.value());
            } else if (one.quantity().equals(Column.DRAIN_CPU.title())) {
                add(lines, "drained", one.mark(), one.value());
            }
        }
        return new LinePlot("CPU seconds per million messages, by messages that wait (skewer)", lines);
    }

    private static LinePlot connections(List<Value> values) {
        Map<String, List<LinePlot.Point>> lines = new LinkedHashMap<>();
        for (Value one : values) {
            if (one.quantity().equals(Column.CPU.title())) {
                String connections = one.row().substring(one.row().lastIndexOf('-') + 1);
                add(lines, one.server(), connections, one.value());
            }
        }
        return new LinePlot("CPU seconds per million messages, by connections", lines);
    }

    private static LinePlot sizes(List<Value> values) {
        Map<String, List<LinePlot.Point>> lines = new LinkedHashMap<>();
        for (Value one : values) {
            if (one.quantity().equals(Column.CPU.title())) {
                String size = one.row().substring(one.row().lastIndexOf('-') + 1);
                // Seconds per million messages become seconds per gigabyte.
                add(lines, one.server(), size, one.value() * 1000 / bytes(size));
            }
        }
        return new LinePlot("CPU seconds per gigabyte of messages, by bytes of a message", lines);
    }

    private static int bytes(String size) {
        return size.equals("256b") ? BYTES_OF_256B : 1024 * Integer.parseInt(size.replace("kib", ""));
    }

    private static void add(Map<String, List<LinePlot.Point>> lines, String line, String x, double y) {
        lines.computeIfAbsent(line, _ -> new ArrayList<>()).add(new LinePlot.Point(x, y));
    }
}
