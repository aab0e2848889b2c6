package io.skewer.cli.log;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Lets the first records of an event pass in each second and counts the others, so that a fault that happens a million times
 * cannot fill a disk or hide the rest. Not safe for use by several threads; its owner locks.
 */
final class LogRepeats {
    /** Records of one event that pass in one second. */
    static final int MAX_PER_SECOND = 10;

    /** Events are few; only messages of libraries with values in them could be many, and then they share one count. */
    static final int MAX_EVENTS = 512;

    static final long SECOND_NS = 1_000_000_000L;

    private record Event(LogLevel level, String logger, String event) {}

    private static final Event ANY_OTHER = new Event(LogLevel.WARN, "", "log.other_events");

    private static final class Count {
        long secondStartNs;
        int passed;
        long suppressed;
    }

    private final Map<Event, Count> counts = new HashMap<>();

    /** The record to write, with the number of those left out before it, or nothing when it is one too many. */
    Optional<LogRecord> pass(LogRecord record, long nowNs) {
        Event event = new Event(record.level(), record.logger(), record.event());
        if (!counts.containsKey(event) && counts.size() >= MAX_EVENTS) {
            event = ANY_OTHER;
        }
        Count count = counts.computeIfAbsent(event, ignored -> new Count());
        if (nowNs - count.secondStartNs >= SECOND_NS || count.passed == 0) {
            count.secondStartNs = nowNs;
            count.passed = 0;
        }
        if (count.passed >= MAX_PER_SECOND) {
            count.suppressed++;
            return Optional.empty();
        }
        count.passed++;
        if (count.suppressed == 0) {
            return Optional.of(record);
        }
        long suppressed = count.suppressed;
        count.suppressed = 0;
        return Optional.of(record.with("suppressed", Long.toString(suppressed)));
    }

    /** Whether nothing was logged since events last came to rest: then the next record passes. */
    boolean isEmpty() {
        return counts.isEmpty();
    }

    /** Records that say what was left out of events that came to rest; forgets these events. */
    List<LogRecord> rest(long nowNs, long timeNs) {
        List<LogRecord> records = new ArrayList<>();
        for (Iterator<Map.Entry<Event, Count>> all = counts.entrySet().iterator(); all.hasNext(); ) {
            Map.Entry<Event, Count> one = all.next();
            if (nowNs - one.getValue().secondStartNs >= SECOND_NS) {
                Event event = one.getKey();
                if (one.getValue().suppressed > 0) {
                    List<LogRecord.Pair> pairs =
                            List.of(new LogRecord.Pair("suppressed", Long.toString(one.getValue().suppressed)));
                    records.add(new LogRecord(timeNs, event.level(), event.logger(), event.event(), pairs, ""));
                }
                all.remove();
            }
        }
        return records;
    }
}
