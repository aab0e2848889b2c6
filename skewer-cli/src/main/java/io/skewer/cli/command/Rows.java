package io.skewer.cli.command;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/** An answer of rows with named columns: aligned for people, or one JSON object in a line per row for programs. Used by one thread. */
final class Rows {
    /** What stands in a column when nobody knows: {@code -}, in JSON {@code null}. */
    static final Object UNKNOWN = new Object() {
        @Override
        public String toString() {
            return "-";
        }
    };

    private final List<Map<String, Object>> rows = new ArrayList<>();

    /** One row; every row of an answer has the same columns. */
    static final class Row {
        private final Map<String, Object> cells = new LinkedHashMap<>();

        Row with(String column, Object value) {
            cells.put(column, value);
            return this;
        }
    }

    void add(Row row) {
        rows.add(row.cells);
    }

    String text(boolean json) {
        return json ? json() : table();
    }

    private String json() {
        StringBuilder text = new StringBuilder();
        for (Map<String, Object> row : rows) {
            String before = "{";
            for (Map.Entry<String, Object> cell : row.entrySet()) {
                text.append(before).append(quote(cell.getKey())).append(':').append(json(cell.getValue()));
                before = ",";
            }
            text.append("}\n");
        }
        return text.toString();
    }

    private static String json(Object value) {
        if (value.equals(UNKNOWN)) {
            return "null";
        }
        if (value instanceof List<?> list) {
            return list.stream().map(each -> json(each)).collect(Collectors.joining(",", "[", "]"));
        }
        return value instanceof Number || value instanceof Boolean ? value.toString() : quote(value.toString());
    }

    /** A JSON string, RFC 8259 section 7. */
    static String quote(String raw) {
        StringBuilder text = new StringBuilder("\"");
        for (int i = 0; i < raw.length(); i++) {
            char c = raw.charAt(i);
            if (c == '"' || c == '\\') {
                text.append('\\').append(c);
            } else if (c < ' ' || Character.isSurrogate(c)) {
                text.append(String.format("\\u%04x", (int) c));
            } else {
                text.append(c);
            }
        }
        return text.append('"').toString();
    }

    private String table() {
        if (rows.isEmpty()) {
            return "";
        }
        List<String> columns = List.copyOf(rows.getFirst().keySet());
        List<Integer> widths = columns.stream()
                .map(column -> rows.stream()
                        .mapToInt(row -> String.valueOf(row.get(column)).length())
                        .reduce(column.length(), Math::max))
                .toList();
        StringBuilder text = new StringBuilder();
        line(columns.stream().map(column -> column.toUpperCase(Locale.ROOT)).toList(), columns, widths, text);
        for (Map<String, Object> row : rows) {
            line(
                    columns.stream()
                            .map(column -> plain(Objects.requireNonNull(row.get(column))))
                            .toList(),
                    columns,
                    widths,
                    text);
        }
        return text.toString();
    }

    /** What stands in a terminal must not steer it. */
    private static String plain(Object value) {
        return String.valueOf(value).replaceAll("\\p{Cc}", " ");
    }

    private void line(List<String> cells, List<String> columns, List<Integer> widths, StringBuilder text) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < cells.size(); i++) {
            String column = columns.get(i);
            boolean number = rows.stream().anyMatch(row -> row.get(column) instanceof Number);
            String pad = " ".repeat(Math.max(0, widths.get(i) - cells.get(i).length()));
            line.append(i == 0 ? "" : "  ").append(number ? pad + cells.get(i) : cells.get(i) + pad);
        }
        text.append(line.toString().stripTrailing()).append('\n');
    }
}
