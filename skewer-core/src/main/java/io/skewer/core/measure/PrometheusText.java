package io.skewer.core.measure;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Samples in the text exposition format 0.0.4 of Prometheus. All samples of a name stand together under one HELP and one TYPE,
 * those of the first of them; a series that appears twice is written once, because a scraper refuses the whole page otherwise.
 */
public final class PrometheusText {
    /** What an HTTP answer must say about the text. */
    public static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

    /** Beyond this a double no longer holds every whole number. */
    private static final double MAX_EXACT = 1L << 53;

    private PrometheusText() {}

    /** The page, with names in alphabetical order. */
    public static String render(List<Sample> samples) {
        Map<String, List<Sample>> byName = new TreeMap<>();
        for (Sample sample : samples) {
            byName.computeIfAbsent(sample.name(), name -> new ArrayList<>()).add(sample);
        }
        StringBuilder text = new StringBuilder(samples.size() * 96);
        byName.forEach((name, family) -> renderFamily(text, name, family));
        return text.toString();
    }

    private static void renderFamily(StringBuilder text, String name, List<Sample> family) {
        Sample first = family.getFirst();
        text.append("# HELP ").append(name).append(' ');
        escape(text, first.help(), false);
        text.append("\n# TYPE ").append(name).append(' ');
        text.append(first.kind().name().toLowerCase(Locale.ROOT)).append('\n');
        Set<Map<String, String>> seen = new HashSet<>();
        for (Sample sample : family) {
            if (seen.add(sample.labels())) {
                renderSample(text, sample);
            }
        }
    }

    private static void renderSample(StringBuilder text, Sample sample) {
        text.append(sample.name());
        char before = '{';
        for (Map.Entry<String, String> label : sample.labels().entrySet()) {
            text.append(before).append(label.getKey()).append("=\"");
            escape(text, label.getValue(), true);
            text.append('"');
            before = ',';
        }
        if (before == ',') {
            text.append('}');
        }
        text.append(' ').append(number(sample.value())).append('\n');
    }

    private static void escape(StringBuilder text, String raw, boolean inQuotes) {
        for (int i = 0; i < raw.length(); i++) {
            char c = raw.charAt(i);
            switch (c) {
                case '\\' -> text.append("\\\\");
                case '\n' -> text.append("\\n");
                case '"' -> text.append(inQuotes ? "\\\"" : "\"");
                default -> text.append(c < ' ' ? ' ' : c);
            }
        }
    }

    private static String number(double value) {
        if (Double.isInfinite(value)) {
            return value > 0 ? "+Inf" : "-Inf";
        }
        boolean whole = value == Math.rint(value) && Math.abs(value) <= MAX_EXACT;
        return whole ? Long.toString((long) value) : Double.toString(value);
    }
}
