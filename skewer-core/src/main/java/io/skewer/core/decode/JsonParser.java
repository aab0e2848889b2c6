package io.skewer.core.decode;

import io.skewer.core.message.ByteBuilder;
import io.skewer.core.message.Facility;
import io.skewer.core.message.Field;
import io.skewer.core.message.ParseStatus;
import io.skewer.core.message.RecordWriter;
import io.skewer.core.message.Severity;
import io.skewer.core.message.StructuredData;

/**
 * One JSON object with the keys that the {@code json} encoder writes: {@code facility} and {@code severity} (names or numbers),
 * {@code timereported} (RFC 3339), {@code hostname}, {@code appname}, {@code procid}, {@code msgid}, {@code message},
 * {@code properties} (a map of maps). Other keys, {@code timegenerated} among them, become properties of the domain {@code json}.
 * Values that are no strings are kept as their JSON text.
 *
 * <p>Two walks, because the keys come in any order and the fields of a record do not: the first one proves the object well-formed
 * and notes where the known values stand, the second one collects the properties. REPAIRED: a known value that means nothing, a
 * known key twice (the last one counts), control characters in strings. RAW: all that is no object.
 */
final class JsonParser implements FrameParser {
    private static final byte[][] KEYS = {
        Scan.ascii("facility"),
        Scan.ascii("severity"),
        Scan.ascii("timereported"),
        Scan.ascii("properties"),
        Scan.ascii("hostname"),
        Scan.ascii("appname"),
        Scan.ascii("procid"),
        Scan.ascii("msgid"),
        Scan.ascii("message")
    };
    private static final int FACILITY = 0;
    private static final int SEVERITY = 1;
    private static final int TIME_REPORTED = 2;
    private static final int PROPERTIES = 3;
    private static final int HOST = 4;
    private static final int MESSAGE = 8;
    private static final Field[] TEXT_FIELDS = {Field.HOST, Field.APP, Field.PROCID, Field.MSGID};
    private static final byte[] OTHER_DOMAIN = Scan.ascii("json");

    private final JsonScanner scanner = new JsonScanner();
    private final StructuredData.Writer writer = new StructuredData.Writer();
    private final ByteBuilder name = new ByteBuilder(64);
    private final IsoStamp stamp;
    /** Where the value of each known key stands; 0 to 0 when there is none. */
    private final int[] starts = new int[KEYS.length];

    private final int[] ends = new int[KEYS.length];
    private byte[] bytes = new byte[0];
    private boolean deviates;
    private int others;

    JsonParser(LocalZone zone) {
        stamp = new IsoStamp(zone);
    }

    @Override
    public ParseStatus parse(byte[] frame, int start, int end, RecordWriter record) {
        bytes = frame;
        scanner.start(frame, end);
        deviates = false;
        int open = scanner.skipSpace(start);
        if (open == end || frame[open] != '{' || !isWhole(open, end)) {
            return ParseStatus.RAW;
        }
        note(open);
        record.priority(code(FACILITY, Facility.USER, Facility.MAX), code(SEVERITY, Severity.NOTICE, Severity.MAX));
        reportedTime(record);
        for (int i = 0; i < TEXT_FIELDS.length; i++) {
            ByteBuilder out = record.open(TEXT_FIELDS[i]);
            addText(starts[HOST + i], ends[HOST + i], out);
            if (!record.close(TEXT_FIELDS[i])) {
                return ParseStatus.RAW;
            }
        }
        if (!properties(open, record)) {
            return ParseStatus.RAW;
        }
        addText(starts[MESSAGE], ends[MESSAGE], record.open(Field.MESSAGE));
        record.close(Field.MESSAGE);
        return deviates || scanner.deviates() ? ParseStatus.REPAIRED : ParseStatus.OK;
    }

    private boolean isWhole(int open, int end) {
        int after = scanner.value(open);
        return after >= 0 && scanner.skipSpace(after) == end;
    }

    private void note(int open) {
        for (int i = 0; i < KEYS.length; i++) {
            starts[i] = 0;
            ends[i] = 0;
        }
        others = 0;
        for (int key = firstKey(open); key >= 0; key = nextKey(valueEnd(key))) {
            int known = known(key);
            if (known < 0) {
                others++;
            } else {
                deviates |= ends[known] > 0;
                starts[known] = valueStart(key);
                ends[known] = valueEnd(key);
            }
        }
    }

    // The object is known to be well-formed when these are called.

    private int firstKey(int open) {
        int key = scanner.skipSpace(open + 1);
        return bytes[key] == '}' ? -1 : key;
    }

    private int nextKey(int afterValue) {
        int comma = scanner.skipSpace(afterValue);
        return bytes[comma] == ',' ? scanner.skipSpace(comma + 1) : -1;
    }

    private int valueStart(int key) {
        return scanner.skipSpace(scanner.colonBehindKey(key) + 1);
    }

    private int valueEnd(int key) {
        return scanner.value(valueStart(key));
    }

    /** The number of the known key at {@code key}, or -1. */
    private int known(int key) {
        int length = scanner.string(key) - key - 2;
        for (int i = 0; i < KEYS.length; i++) {
            if (KEYS[i].length == length && Scan.startsWith(bytes, key + 1, key + 1 + length, KEYS[i])) {
                return i;
            }
        }
        return -1;
    }

    private boolean isString(int start, int end) {
        return end > start && bytes[start] == '"';
    }

    private boolean isNull(int start, int end) {
        return end > start && bytes[start] == 'n';
    }

    /** Adds a string without its escapes, nothing for null, the JSON text of all else. */
    private void addText(int start, int end, ByteBuilder out) {
        if (isString(start, end)) {
            scanner.unescape(start + 1, end - 1, out);
        } else if (end > start && !isNull(start, end)) {
            out.add(bytes, start, end - start);
        }
    }

    /** A facility or severity by name or number; {@code missing} when there is none that means anything. */
    private int code(int key, int missing, int max) {
        int quote = isString(starts[key], ends[key]) ? 1 : 0;
        int start = starts[key] + quote;
        int end = ends[key] - quote;
        if (end <= start || isNull(starts[key], ends[key])) {
            deviates |= quote > 0;
            return missing;
        }
        int value = end - start > 2 ? -1 : Scan.number(bytes, start, end);
        if (value < 0) {
            value = key == FACILITY
                    ? Facility.byName(bytes, start, end - start)
                    : Severity.byName(bytes, start, end - start);
        }
        boolean sound = value >= 0 && value <= max;
        deviates |= !sound;
        return sound ? value : missing;
    }

    private void reportedTime(RecordWriter record) {
        int start = starts[TIME_REPORTED];
        int end = ends[TIME_REPORTED];
        if (end == start || isNull(start, end)) {
            return;
        }
        if (isString(start, end) && stamp.read(bytes, start + 1, end - 1) && stamp.end() == end - 1) {
            deviates |= stamp.deviates();
            record.reportedNs(stamp.epochNs());
        } else {
            deviates = true;
        }
    }

    /** @return false when a name or the number of names breaks the limits of a record */
    private boolean properties(int open, RecordWriter record) {
        int start = starts[PROPERTIES];
        boolean map = ends[PROPERTIES] > start && bytes[start] == '{';
        boolean text = ends[PROPERTIES] > start && !map && !isNull(start, ends[PROPERTIES]);
        if (!map && !text && others == 0) {
            return true;
        }
        writer.start(record.open(Field.STRUCTURED_DATA));
        boolean fits = true;
        int loose = 0;
        for (int key = map ? firstKey(start) : -1; key >= 0 && fits; key = nextKey(valueEnd(key))) {
            if (bytes[valueStart(key)] == '{') {
                fits = domain(key);
            } else {
                loose++;
            }
        }
        if (fits && (others > 0 || text || loose > 0)) {
            deviates |= text || loose > 0;
            fits = writer.beginElement(OTHER_DOMAIN, 0, OTHER_DOMAIN.length);
            for (int key = firstKey(open); key >= 0 && fits; key = nextKey(valueEnd(key))) {
                fits = (known(key) >= 0 && !(text && valueStart(key) == start)) || parameter(key);
            }
            for (int key = map ? firstKey(start) : -1; key >= 0 && fits; key = nextKey(valueEnd(key))) {
                fits = bytes[valueStart(key)] == '{' || parameter(key);
            }
        }
        record.close(Field.STRUCTURED_DATA);
        return fits;
    }

    private boolean domain(int key) {
        addName(key);
        boolean fits = writer.beginElement(name.array(), 0, name.length());
        int inner = firstKey(valueStart(key));
        while (inner >= 0 && fits) {
            fits = parameter(inner);
            inner = nextKey(valueEnd(inner));
        }
        return fits;
    }

    private boolean parameter(int key) {
        addName(key);
        if (!writer.beginParameter(name.array(), 0, name.length())) {
            return false;
        }
        addText(valueStart(key), valueEnd(key), writer.value());
        writer.endParameter();
        return true;
    }

    private void addName(int key) {
        name.clear();
        scanner.unescape(key + 1, scanner.string(key) - 1, name);
    }
}
