package io.skewer.core.config;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** The words that {@code main.destination} may list. */
public final class Destinations {
    public static final String KAFKA = "kafka";
    public static final String FILE = "file";
    public static final String STDERR = "stderr";

    public static final List<String> ALL = List.of(KAFKA, FILE, STDERR);

    private Destinations() {}

    static List<String> parse(String list) {
        List<String> words = Arrays.stream(list.split(",", -1))
                .map(word -> word.strip().toLowerCase(Locale.ROOT))
                .filter(word -> !word.isEmpty())
                .distinct()
                .toList();
        return words.isEmpty() ? List.of(STDERR) : words;
    }
}
