package io.skewer.core.measure;

import io.skewer.core.config.MalformedBytes;
import io.skewer.core.config.PlainBytes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The samples of a process as bytes for its control link: a list of lists of name, kind, help, labels and value. Names are held
 * against the grammar of Prometheus when they are read, so that no process can break the page of all.
 */
public final class SampleBytes {
    static final int MAX_LABELS = 16;
    static final int MAX_TEXT_LENGTH = 1024;

    private static final int PARTS = 5;

    private SampleBytes() {}

    /** The bytes of the samples. */
    public static byte[] encode(List<Sample> samples) {
        List<Object> list = new ArrayList<>(samples.size());
        for (Sample sample : samples) {
            List<Object> labels = new ArrayList<>();
            sample.labels().forEach((name, value) -> {
                labels.add(name);
                labels.add(value);
            });
            list.add(List.of(
                    sample.name(), sample.kind() == Sample.Kind.COUNTER, sample.help(), labels, sample.value()));
        }
        return PlainBytes.encode(list);
    }

    /** The samples that the bytes hold. */
    public static List<Sample> decode(byte[] bytes) throws MalformedBytes {
        if (!(PlainBytes.decode(bytes) instanceof List<?> list) || list.size() > Measures.MAX_SERIES) {
            throw new MalformedBytes("not a list of samples, or too many");
        }
        List<Sample> samples = new ArrayList<>(list.size());
        for (Object one : list) {
            samples.add(sample(one));
        }
        return samples;
    }

    private static Sample sample(Object plain) throws MalformedBytes {
        if (plain instanceof List<?> parts
                && parts.size() == PARTS
                && parts.get(0) instanceof String name
                && parts.get(1) instanceof Boolean isCounter
                && parts.get(2) instanceof String help
                && parts.get(3) instanceof List<?> labels
                && parts.get(4) instanceof Double value
                && isName(name, true)
                && help.length() <= MAX_TEXT_LENGTH) {
            return new Sample(name, isCounter ? Sample.Kind.COUNTER : Sample.Kind.GAUGE, help, labels(labels), value);
        }
        throw new MalformedBytes("not a sample");
    }

    private static SortedMap<String, String> labels(List<?> plain) throws MalformedBytes {
        if (plain.size() % 2 != 0 || plain.size() > 2 * MAX_LABELS) {
            throw new MalformedBytes(plain.size() + " label parts");
        }
        SortedMap<String, String> labels = new TreeMap<>();
        for (int i = 0; i < plain.size(); i += 2) {
            if (!(plain.get(i) instanceof String name && plain.get(i + 1) instanceof String value)
                    || !isName(name, false)
                    || value.length() > MAX_TEXT_LENGTH
                    || labels.put(name, value) != null) {
                throw new MalformedBytes("not a label");
            }
        }
        return Collections.unmodifiableSortedMap(labels);
    }

    /** Metric and label names of Prometheus: {@code [a-zA-Z_][a-zA-Z0-9_]*}, in metric names also colons. */
    private static boolean isName(String text, boolean colons) {
        if (text.isEmpty() || text.length() > MAX_TEXT_LENGTH) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || (colons && c == ':');
            if (!letter && (i == 0 || c < '0' || c > '9')) {
                return false;
            }
        }
        return true;
    }
}
