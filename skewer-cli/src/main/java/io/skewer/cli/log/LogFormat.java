package io.skewer.cli.log;

import java.time.Instant;
import java.util.Set;

/**
 * A record as one line: logfmt or JSON. Whatever stands in a record, the line is one line of printable characters: what others
 * sent us (host names, addresses, errors of libraries) cannot forge a line or command a terminal.
 */
enum LogFormat {
    LOGFMT,
    JSON;

    /** Lines are cut here, with their end marked. */
    static final int MAX_LINE_LENGTH = 32_768;

    private static final Set<String> OWN_KEYS = Set.of("time", "level", "event", "logger", "error");
    private static final long NS_PER_SECOND = 1_000_000_000L;

    /** The line without a line feed. */
    String line(LogRecord record) {
        StringBuilder line = new StringBuilder(256);
        if (this == JSON) {
            line.append('{');
        }
        pair(line, "time", time(record.timeNs()));
        pair(line, "level", record.level().word());
        pair(line, "event", record.event());
        for (LogRecord.Pair pair : record.pairs()) {
            String key = OWN_KEYS.contains(pair.key()) ? "field_" + pair.key() : pair.key();
            pair(line, key, pair.value());
        }
        pair(line, "logger", record.logger());
        if (!record.throwable().isEmpty()) {
            pair(line, "error", record.throwable());
        }
        return this == JSON ? line.append('}').toString() : line.toString();
    }

    private static String time(long timeNs) {
        long microseconds = Math.floorMod(timeNs, NS_PER_SECOND) / 1000 * 1000;
        return Instant.ofEpochSecond(Math.floorDiv(timeNs, NS_PER_SECOND), microseconds)
                .toString();
    }

    /** Adds a pair if there is room for it, so that a line stays well-formed at any length. */
    private void pair(StringBuilder line, String key, String value) {
        int start = line.length();
        if (this == JSON) {
            line.append(start == 1 ? "\"" : ",\"");
            escape(line, key);
            line.append("\":\"");
            escape(line, value);
            line.append('"');
        } else {
            line.append(start == 0 ? "" : " ");
            plainKey(line, key);
            line.append('=');
            if (needsQuotes(value)) {
                line.append('"');
                escape(line, value);
                line.append('"');
            } else {
                line.append(value);
            }
        }
        if (line.length() > MAX_LINE_LENGTH) {
            line.setLength(start);
        }
    }

    private static boolean needsQuotes(String value) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c <= ' ' || c == '"' || c == '=' || c == '\\' || !isPrintable(c)) {
                return true;
            }
        }
        return value.isEmpty();
    }

    private static void plainKey(StringBuilder line, String key) {
        for (int i = 0; i < key.length(); i++) {
            char c = key.charAt(i);
            boolean plain = (c >= 'a' && c <= 'z')
                    || (c >= 'A' && c <= 'Z')
                    || (c >= '0' && c <= '9')
                    || c == '_'
                    || c == '.'
                    || c == '-';
            line.append(plain ? c : '_');
        }
        if (key.isEmpty()) {
            line.append('_');
        }
    }

    private static void escape(StringBuilder line, String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> line.append("\\\"");
                case '\\' -> line.append("\\\\");
                case '\n' -> line.append("\\n");
                case '\r' -> line.append("\\r");
                case '\t' -> line.append("\\t");
                default -> {
                    if (isPrintable(c)) {
                        line.append(c);
                    } else {
                        line.append("\\u");
                        for (int shift = 12; shift >= 0; shift -= 4) {
                            line.append(Character.forDigit(c >> shift & 15, 16));
                        }
                    }
                }
            }
        }
    }

    /** Not control characters, nor those that turn the direction of writing or break lines; ASCII decides fast. */
    private static boolean isPrintable(char c) {
        if (c < 0x7f) {
            return c >= ' ';
        }
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE,
                    Character.UNASSIGNED -> false;
            default -> true;
        };
    }
}
