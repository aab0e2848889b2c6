package io.skewer.core.measure;

import java.util.SortedMap;

/**
 * One measured value.
 *
 * @param name with unit and, for counters, {@code _total}: {@code skewer_received_messages_total}
 * @param kind counter or gauge
 * @param help one sentence
 * @param labels names and values
 */
public record Sample(String name, Kind kind, String help, SortedMap<String, String> labels, double value) {
    /** What a scraper may do with a value. */
    public enum Kind {
        COUNTER,
        GAUGE
    }
}
