package io.skewer.core.decode;

import io.skewer.core.message.ByteBuilder;

/**
 * Walks over JSON (RFC 8259) in place: says where values end, makes no tree. Nesting is limited, so that a hostile text cannot
 * exhaust the stack. Control characters inside strings are forgiven. Belongs to one thread.
 */
final class JsonScanner {
    private static final int DEPTH_MAX = 64;
    private static final byte[] TRUE = Scan.ascii("true");
    private static final byte[] FALSE = Scan.ascii("false");
    private static final byte[] NULL = Scan.ascii("null");

    private byte[] bytes = new byte[0];
    private int limit;
    private boolean deviates;

    void start(byte[] source, int end) {
        bytes = source;
        limit = end;
        deviates = false;
    }

    /** Whether something was forgiven since {@link #start}. */
    boolean deviates() {
        return deviates;
    }

    int skipSpace(int at) {
        int i = at;
        while (i < limit && (bytes[i] == ' ' || bytes[i] == '\t' || bytes[i] == '\n' || bytes[i] == '\r')) {
            i++;
        }
        return i;
    }

    /** Behind the value that starts at {@code at}, or -1 when it is malformed. */
    int value(int at) {
        return value(at, DEPTH_MAX);
    }

    private int value(int at, int depth) {
        if (at >= limit || depth == 0) {
            return -1;
        }
        return switch (bytes[at]) {
            case '"' -> string(at);
            case '{' -> object(at, depth);
            case '[' -> array(at, depth);
            case 't' -> literal(at, TRUE);
            case 'f' -> literal(at, FALSE);
            case 'n' -> literal(at, NULL);
            default -> number(at);
        };
    }

    private int literal(int at, byte[] word) {
        return Scan.startsWith(bytes, at, limit, word) ? at + word.length : -1;
    }

    private int object(int at, int depth) {
        int i = skipSpace(at + 1);
        if (i < limit && bytes[i] == '}') {
            return i + 1;
        }
        while (i >= 0) {
            int colon = colonBehindKey(i);
            int end = colon < 0 ? -1 : value(skipSpace(colon + 1), depth - 1);
            int next = end < 0 ? limit : skipSpace(end);
            if (next < limit && bytes[next] == '}') {
                return next + 1;
            }
            i = next < limit && bytes[next] == ',' ? skipSpace(next + 1) : -1;
        }
        return -1;
    }

    private int array(int at, int depth) {
        int i = skipSpace(at + 1);
        if (i < limit && bytes[i] == ']') {
            return i + 1;
        }
        while (i >= 0) {
            int end = value(i, depth - 1);
            int next = end < 0 ? limit : skipSpace(end);
            if (next < limit && bytes[next] == ']') {
                return next + 1;
            }
            i = next < limit && bytes[next] == ',' ? skipSpace(next + 1) : -1;
        }
        return -1;
    }

    /** Where the colon stands behind the key that starts at {@code at}, or -1. */
    int colonBehindKey(int at) {
        int end = at < limit && bytes[at] == '"' ? string(at) : -1;
        int colon = end < 0 ? limit : skipSpace(end);
        return colon < limit && bytes[colon] == ':' ? colon : -1;
    }

    /** Behind the string whose quotation mark stands at {@code at}, or -1. */
    int string(int at) {
        int i = at + 1;
        while (i < limit) {
            byte c = bytes[i];
            if (c == '"') {
                return i + 1;
            }
            if (c == '\\') {
                i = escape(i + 1);
                if (i < 0) {
                    return -1;
                }
            } else {
                deviates |= c >= 0 && c < ' ';
                i++;
            }
        }
        return -1;
    }

    private int escape(int at) {
        if (at >= limit) {
            return -1;
        }
        return switch (bytes[at]) {
            case '"', '\\', '/', 'b', 'f', 'n', 'r', 't' -> at + 1;
            case 'u' -> limit - at > 4 && hex(bytes, at + 1) >= 0 ? at + 5 : -1;
            default -> -1;
        };
    }

    private int number(int at) {
        int i = at < limit && bytes[at] == '-' ? at + 1 : at;
        int end = Scan.skipDigits(bytes, i, limit);
        if (end == i || (bytes[i] == '0' && end - i > 1)) {
            return -1;
        }
        if (end < limit && bytes[end] == '.') {
            int fraction = Scan.skipDigits(bytes, end + 1, limit);
            if (fraction == end + 1) {
                return -1;
            }
            end = fraction;
        }
        if (end < limit && (bytes[end] | 0x20) == 'e') {
            int digits = end + 1 < limit && (bytes[end + 1] == '+' || bytes[end + 1] == '-') ? end + 2 : end + 1;
            int exponent = Scan.skipDigits(bytes, digits, limit);
            return exponent == digits ? -1 : exponent;
        }
        return end;
    }

    /** Four hexadecimal digits as a number, or -1. */
    private static int hex(byte[] bytes, int at) {
        int value = 0;
        for (int i = at; i < at + 4; i++) {
            int digit = Character.digit(bytes[i], 16);
            if (digit < 0) {
                return -1;
            }
            value = value << 4 | digit;
        }
        return value;
    }

    /**
     * Adds the text of a sound string, escapes undone.
     *
     * @param start behind the opening quotation mark
     * @param end at the closing one
     */
    void unescape(int start, int end, ByteBuilder out) {
        int copied = start;
        int i = start;
        while (i < end) {
            if (bytes[i] != '\\') {
                i++;
                continue;
            }
            out.add(bytes, copied, i - copied);
            i = bytes[i + 1] == 'u' ? unescapeUnit(i, end, out) : unescapeLetter(i, out);
            copied = i;
        }
        out.add(bytes, copied, end - copied);
    }

    private int unescapeLetter(int at, ByteBuilder out) {
        byte c = bytes[at + 1];
        out.add((byte)
                switch (c) {
                    case 'b' -> '\b';
                    case 'f' -> '\f';
                    case 'n' -> '\n';
                    case 'r' -> '\r';
                    case 't' -> '\t';
                    default -> c;
                });
        return at + 2;
    }

    private int unescapeUnit(int at, int end, ByteBuilder out) {
        int unit = hex(bytes, at + 2);
        int after = at + 6;
        if (unit < 0xD800 || unit > 0xDFFF) {
            addUtf8(unit, out);
            return after;
        }
        boolean pair = unit < 0xDC00 && end - after >= 6 && bytes[after] == '\\' && bytes[after + 1] == 'u';
        int low = pair ? hex(bytes, after + 2) : 0;
        if (low >= 0xDC00 && low <= 0xDFFF) {
            addUtf8(0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00), out);
            return after + 6;
        }
        // Half of a pair means nothing; the frame is kept.
        deviates = true;
        addUtf8(0xFFFD, out);
        return after;
    }

    private static void addUtf8(int point, ByteBuilder out) {
        if (point < 0x80) {
            out.add((byte) point);
        } else if (point < 0x800) {
            out.add((byte) (0xC0 | (point >> 6))).add((byte) (0x80 | (point & 0x3F)));
        } else if (point < 0x10000) {
            out.add((byte) (0xE0 | (point >> 12)))
                    .add((byte) (0x80 | ((point >> 6) & 0x3F)))
                    .add((byte) (0x80 | (point & 0x3F)));
        } else {
            out.add((byte) (0xF0 | (point >> 18))).add((byte) (0x80 | ((point >> 12) & 0x3F)));
            out.add((byte) (0x80 | ((point >> 6) & 0x3F))).add((byte) (0x80 | (point & 0x3F)));
        }
    }
}
