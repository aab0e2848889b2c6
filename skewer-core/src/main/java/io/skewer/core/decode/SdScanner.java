package io.skewer.core.decode;

import io.skewer.core.message.ByteBuilder;
import io.skewer.core.message.StructuredData;
import java.util.Arrays;

/**
 * Reads SD-ELEMENTs (RFC 5424 section 6.3) into {@link StructuredData}, escapes undone. Belongs to one thread.
 *
 * <p>Forgiven, and told by {@link #deviates()}: several blanks, a blank before the value, values without quotation marks, a
 * closing bracket inside a value, names that are too long or not ASCII, an SD-ID that comes twice. An element that is broken
 * beyond that is left out when its end can be found ({@link #isPartial()}), else the text is taken to start with it. A backslash
 * before another character than {@code " \ ]} is a backslash (section 6.3.3).
 */
final class SdScanner {
    /** RFC 5424 section 6.3.2 and 6.3.3. */
    private static final int NAME_MAX_BYTES = 32;
    /** Repetitions are looked for among so many elements, so that hostile frames do not cost quadratic time. */
    private static final int REMEMBERED_ELEMENTS = 16;
    /** After so many broken elements the rest is text: finding the end of each one is a search. */
    private static final int BROKEN_MAX_ELEMENTS = 8;

    private final StructuredData.Writer writer = new StructuredData.Writer();
    private final int[] nameStarts = new int[REMEMBERED_ELEMENTS];
    private final int[] nameEnds = new int[REMEMBERED_ELEMENTS];
    private byte[] bytes = new byte[0];
    private int limit;
    private boolean deviates;
    private boolean partial;
    private int elements;
    private int parameters;

    boolean deviates() {
        return deviates;
    }

    boolean isPartial() {
        return partial;
    }

    /** How many parameters the last element has. */
    int parameters() {
        return parameters;
    }

    /**
     * Reads elements as long as there are any.
     *
     * @param out where they go; nothing is added for what is left out
     * @return behind the last element read or left out; {@code at} when the first one is broken and has no end
     */
    int read(byte[] source, int at, int end, ByteBuilder out) {
        bytes = source;
        limit = end;
        deviates = false;
        partial = false;
        elements = 0;
        writer.start(out);
        int broken = 0;
        int i = at;
        while (i < limit && bytes[i] == '[') {
            int mark = out.length();
            int after = element(i, out);
            if (after < 0) {
                out.truncate(mark);
                partial = true;
                after = broken++ < BROKEN_MAX_ELEMENTS ? endOfBroken(i) : -1;
                if (after < 0) {
                    return i;
                }
            }
            i = after;
        }
        return i;
    }

    /** @return behind the element's bracket, or -1 when it is broken */
    private int element(int at, ByteBuilder out) {
        int nameEnd = nameEnd(at + 1);
        if (nameEnd == at + 1 || !writer.beginElement(bytes, at + 1, nameEnd - at - 1)) {
            return -1;
        }
        judgeName(at + 1, nameEnd);
        judgeRepetition(at + 1, nameEnd);
        parameters = 0;
        int i = nameEnd;
        while (i < limit && bytes[i] != ']') {
            int key = Scan.skipBlanks(bytes, i, limit);
            if (key == i || key == limit) {
                return -1;
            }
            deviates |= key - i > 1 || bytes[key] == ']';
            i = bytes[key] == ']' ? key : parameter(key, out);
            if (i < 0) {
                return -1;
            }
        }
        return i < limit ? i + 1 : -1;
    }

    /** @return behind the parameter, or -1 when it is broken */
    private int parameter(int at, ByteBuilder out) {
        int equals = nameEnd(at);
        if (equals == at || equals >= limit || bytes[equals] != '=' || !writer.beginParameter(bytes, at, equals - at)) {
            return -1;
        }
        judgeName(at, equals);
        int value = Scan.skipBlanks(bytes, equals + 1, limit);
        int after;
        if (value < limit && bytes[value] == '"') {
            deviates |= value != equals + 1;
            after = quoted(value + 1, out);
        } else {
            after = value == equals + 1 ? unquoted(value, out) : -1;
        }
        if (after >= 0) {
            writer.endParameter();
            parameters++;
        }
        return after;
    }

    private int quoted(int at, ByteBuilder out) {
        int copied = at;
        int i = at;
        while (i < limit) {
            byte c = bytes[i];
            if (c == '"') {
                out.add(bytes, copied, i - copied);
                return i + 1;
            }
            if (c == '\\' && i + 1 < limit && isEscapable(bytes[i + 1])) {
                out.add(bytes, copied, i - copied);
                copied = i + 1;
                i++;
            } else if (c == ']') {
                deviates = true;
            }
            i++;
        }
        return -1;
    }

    private static boolean isEscapable(byte c) {
        return c == '"' || c == '\\' || c == ']';
    }

    /** ESXi: {@code [Originator@6876 sub=Vimsvc opID=4a2]}. */
    private int unquoted(int at, ByteBuilder out) {
        deviates = true;
        int i = at;
        while (i < limit && bytes[i] != ']' && !Scan.isBlank(bytes[i])) {
            if (bytes[i] == '"' || (bytes[i] >= 0 && bytes[i] < ' ')) {
                return -1;
            }
            i++;
        }
        if (i == at) {
            return -1;
        }
        out.add(bytes, at, i - at);
        return i;
    }

    /** Where an SD-NAME ends: none of {@code = ] "}, blank or control character. */
    private int nameEnd(int at) {
        int i = at;
        while (i < limit) {
            byte c = bytes[i];
            if (c == '=' || c == ']' || c == '"' || (c >= 0 && c <= ' ') || c == 0x7F) {
                break;
            }
            i++;
        }
        return i;
    }

    private void judgeName(int start, int end) {
        deviates |= end - start > NAME_MAX_BYTES || !Scan.isAscii(bytes, start, end);
    }

    private void judgeRepetition(int start, int end) {
        for (int i = 0; i < Math.min(elements, REMEMBERED_ELEMENTS); i++) {
            if (Arrays.equals(bytes, start, end, bytes, nameStarts[i], nameEnds[i])) {
                deviates = true;
            }
        }
        if (elements < REMEMBERED_ELEMENTS) {
            nameStarts[elements] = start;
            nameEnds[elements] = end;
        }
        elements++;
    }

    /** Behind the first bracket that could end the element at {@code at}, or -1. */
    private int endOfBroken(int at) {
        if (nameEnd(at + 1) == at + 1) {
            return -1;
        }
        for (int i = at + 1; i < limit; i++) {
            if (bytes[i] == ']' && (i + 1 == limit || bytes[i + 1] == ' ' || bytes[i + 1] == '[')) {
                return i + 1;
            }
        }
        return -1;
    }
}
