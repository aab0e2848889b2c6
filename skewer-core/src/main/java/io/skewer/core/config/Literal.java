package io.skewer.core.config;

import java.util.ArrayList;
import java.util.List;

/** The values of a TOML file in the form in which we write them, and the defaults beside the fields, without a library. */
final class Literal {
    private static final int MAX_SHOWN_CHARACTERS = 60;

    private final String text;
    private int at;

    private Literal(String text) {
        this.text = text;
    }

    /**
     * The value that a default stands for: String, Long, Boolean, or a list of these.
     *
     * @throws IllegalArgumentException when one of our own annotations is written badly
     */
    static Object parse(String text) {
        Literal literal = new Literal(text);
        Object value = literal.value();
        if (literal.at != text.length()) {
            throw new IllegalArgumentException("default " + text);
        }
        return value;
    }

    private Object value() {
        return switch (text.charAt(at)) {
            case '"' -> string();
            case '[' -> list();
            default -> scalar();
        };
    }

    private Object scalar() {
        int start = at;
        while (at < text.length() && text.charAt(at) != ',' && text.charAt(at) != ']') {
            at++;
        }
        String word = text.substring(start, at).strip();
        return switch (word) {
            case "true" -> true;
            case "false" -> false;
            default -> Long.valueOf(word);
        };
    }

    private List<Object> list() {
        List<Object> values = new ArrayList<>();
        at++;
        while (text.charAt(at) != ']') {
            if (text.charAt(at) == ',' || text.charAt(at) == ' ') {
                at++;
            } else {
                values.add(value());
            }
        }
        at++;
        return values;
    }

    private String string() {
        StringBuilder string = new StringBuilder();
        at++;
        while (text.charAt(at) != '"') {
            char c = text.charAt(at++);
            if (c == '\\') {
                string.append(
                        switch (text.charAt(at++)) {
                            case 'n' -> '\n';
                            case 'r' -> '\r';
                            case 't' -> '\t';
                            case '"' -> '"';
                            case '\\' -> '\\';
                            default -> throw new IllegalArgumentException("default " + text);
                        });
            } else {
                string.append(c);
            }
        }
        at++;
        return string.toString();
    }

    /** A plain value as TOML. */
    static String write(Object value) {
        return switch (value) {
            case List<?> list -> {
                List<String> words = new ArrayList<>();
                list.forEach(one -> words.add(write(one)));
                yield "[" + String.join(", ", words) + "]";
            }
            case String string -> quote(string);
            default -> value.toString();
        };
    }

    /**
     * A text for a message: not more than anybody reads, and not beyond the end of its line. A text that goes on there has lost its last
     * quote, and what follows may be a secret.
     */
    static String shown(String text) {
        int end = Math.min(text.length(), MAX_SHOWN_CHARACTERS);
        for (int i = 0; i < end; i++) {
            if (text.charAt(i) == '\n' || text.charAt(i) == '\r') {
                return quote(text.substring(0, i));
            }
        }
        return quote(text.substring(0, end));
    }

    private static String quote(String value) {
        StringBuilder quoted = new StringBuilder("\"");
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            switch (c) {
                case '"' -> quoted.append("\\\"");
                case '\\' -> quoted.append("\\\\");
                case '\n' -> quoted.append("\\n");
                case '\r' -> quoted.append("\\r");
                case '\t' -> quoted.append("\\t");
                default -> {
                    if (c < ' ' || c == 0x7f) {
                        quoted.append("\\u00")
                                .append(Character.forDigit(c >> 4, 16))
                                .append(Character.forDigit(c & 15, 16));
                    } else {
                        quoted.append(c);
                    }
                }
            }
        }
        return quoted.append('"').toString();
    }
}
