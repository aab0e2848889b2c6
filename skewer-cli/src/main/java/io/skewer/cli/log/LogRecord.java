package io.skewer.cli.log;

import io.skewer.core.config.MalformedBytes;
import io.skewer.core.config.PlainBytes;
import java.util.ArrayList;
import java.util.List;

/**
 * One thing to log.
 *
 * @param timeNs nanoseconds since 1970 UTC
 * @param logger name of the class that logs
 * @param event stable name, {@code tcp.connection_refused}; the whole message for libraries that know no events
 * @param pairs keys and values in their order
 * @param throwable the stack trace, or empty
 */
public record LogRecord(long timeNs, LogLevel level, String logger, String event, List<Pair> pairs, String throwable) {
    /** The longest text of any part; what is longer is cut when the record is made. */
    static final int MAX_TEXT_LENGTH = 4096;

    static final int MAX_THROWABLE_LENGTH = 16_384;
    static final int MAX_PAIRS = 64;

    /** All pairs together: a record has to fit into a frame. */
    static final int MAX_PAIRS_LENGTH = 32_768;

    private static final int PARTS = 6;

    /** A key and its value. */
    public record Pair(String key, String value) {}

    public LogRecord {
        logger = cut(logger, MAX_TEXT_LENGTH);
        event = cut(event, MAX_TEXT_LENGTH);
        throwable = cut(throwable, MAX_THROWABLE_LENGTH);
        pairs = bounded(pairs);
    }

    private static List<Pair> bounded(List<Pair> pairs) {
        List<Pair> bounded = new ArrayList<>(Math.min(pairs.size(), MAX_PAIRS));
        int length = 0;
        for (Pair pair : pairs.subList(0, Math.min(pairs.size(), MAX_PAIRS))) {
            Pair fitting = new Pair(cut(pair.key(), MAX_TEXT_LENGTH), cut(pair.value(), MAX_TEXT_LENGTH));
            length += fitting.key().length() + fitting.value().length();
            if (length > MAX_PAIRS_LENGTH) {
                break;
            }
            bounded.add(fitting);
        }
        return List.copyOf(bounded);
    }

    private static String cut(String text, int maxLength) {
        return text.length() <= maxLength ? text : text.substring(0, maxLength - 1) + "\u2026";
    }

    /** The same record with one more pair in front: the supervisor says so which process it came from. */
    public LogRecord with(String key, String value) {
        List<Pair> more = new ArrayList<>(pairs.size() + 1);
        more.add(new Pair(key, value));
        more.addAll(pairs);
        return new LogRecord(timeNs, level, logger, event, more, throwable);
    }

    /** The form for the control link. */
    public byte[] toBytes() {
        List<Object> flat = new ArrayList<>();
        for (Pair pair : pairs) {
            flat.add(pair.key());
            flat.add(pair.value());
        }
        return PlainBytes.encode(List.of(timeNs, level.word(), logger, event, flat, throwable));
    }

    /** The record that the bytes hold. A child may lie in it about anything but its length. */
    public static LogRecord fromBytes(byte[] bytes) throws MalformedBytes {
        if (PlainBytes.decode(bytes) instanceof List<?> parts
                && parts.size() == PARTS
                && parts.get(0) instanceof Long timeNs
                && parts.get(1) instanceof String level
                && parts.get(2) instanceof String logger
                && parts.get(3) instanceof String event
                && parts.get(4) instanceof List<?> flat
                && parts.get(5) instanceof String throwable) {
            LogLevel known = LogLevel.of(level).orElseThrow(() -> new MalformedBytes("level"));
            return new LogRecord(timeNs, known, logger, event, pairs(flat), throwable);
        }
        throw new MalformedBytes("not a log record");
    }

    private static List<Pair> pairs(List<?> flat) throws MalformedBytes {
        if (flat.size() % 2 != 0 || flat.size() > 2 * MAX_PAIRS) {
            throw new MalformedBytes(flat.size() + " parts of pairs");
        }
        List<Pair> pairs = new ArrayList<>(flat.size() / 2);
        for (int i = 0; i < flat.size(); i += 2) {
            if (!(flat.get(i) instanceof String key && flat.get(i + 1) instanceof String value)) {
                throw new MalformedBytes("not a pair");
            }
            pairs.add(new Pair(key, value));
        }
        return pairs;
    }
}
