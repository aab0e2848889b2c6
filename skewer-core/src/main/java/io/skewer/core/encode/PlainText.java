package io.skewer.core.encode;

import io.skewer.core.message.ByteBuilder;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Cleans what the line formats cannot carry.
 *
 * <p>With {@code singleLine}, control characters but the tab become {@code #} and three octal digits, as rsyslog writes them ({@code #012} is a
 * line feed): a message then stays one line in a file, and cannot move the cursor of the terminal that shows it. Without, a text
 * is kept byte for byte: its length travels beside it.
 */
final class PlainText {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ONES = 0x0101_0101_0101_0101L;
    private static final long HIGH_BITS = ONES << 7;

    private static final byte[] REPLACEMENT = "\uFFFD".getBytes(StandardCharsets.UTF_8);

    private PlainText() {}

    /** Adds a header field: at most {@code maxBytes}, what is not visible ASCII as {@code ?}, {@code -} for nothing. */
    static void addName(byte[] text, int offset, int length, int maxBytes, ByteBuilder out) {
        if (length == 0) {
            out.add('-');
            return;
        }
        int count = Math.min(length, maxBytes);
        out.reserve(count);
        byte[] target = out.array();
        int at = out.length();
        for (int i = 0; i < count; i++) {
            byte c = text[offset + i];
            target[at + i] = c > ' ' && c < 0x7F ? c : (byte) '?';
        }
        out.advance(count);
    }

    /** Adds the text of a message. */
    static void addMessage(byte[] text, int offset, int length, boolean singleLine, ByteBuilder out) {
        if (!singleLine) {
            out.add(text, offset, length);
            return;
        }
        int end = offset + length;
        int runStart = offset;
        for (int at = nextControl(text, offset, end); at < end; at = nextControl(text, runStart, end)) {
            out.add(text, runStart, at - runStart);
            addOctal(text[at], out);
            runStart = at + 1;
        }
        out.add(text, runStart, end - runStart);
    }

    /**
     * The first control character, or {@code end}. Eight bytes at a time: nearly all text has none, and looking for one was a third of
     * what a file costs.
     */
    private static int nextControl(byte[] text, int from, int end) {
        int at = from;
        while (end - at >= Long.BYTES && !mayHoldControl((long) LONGS.get(text, at))) {
            at += Long.BYTES;
        }
        while (at < end && !isControl(text[at])) {
            at++;
            if (end - at >= Long.BYTES && !mayHoldControl((long) LONGS.get(text, at))) {
                at += Long.BYTES;
            }
        }
        return at;
    }

    /**
     * Whether any byte is below space or DEL. Exact for the lowest such byte; a borrow can make more of them, never fewer, so a no is
     * a no (H. Warren, Hacker's Delight, section 6-1). A tab counts here.
     */
    private static boolean mayHoldControl(long word) {
        long belowSpace = (word - ONES * ' ') & ~word;
        long del = word ^ (ONES * 0x7F);
        return ((belowSpace | ((del - ONES) & ~del)) & HIGH_BITS) != 0;
    }

    /** Adds a PARAM-VALUE (RFC 5424 section 6.3.3): quote, backslash and bracket escaped, malformed UTF-8 as U+FFFD. */
    static void addParameterValue(byte[] text, int offset, int length, boolean singleLine, ByteBuilder out) {
        int end = offset + length;
        int at = offset;
        while (at < end) {
            byte c = text[at];
            int size = Utf8.sequenceLength(text, at, end);
            if (size == 0) {
                out.add(REPLACEMENT);
                at++;
            } else if (size == 1 && singleLine && isControl(c)) {
                addOctal(c, out);
                at++;
            } else {
                if (c == '"' || c == '\\' || c == ']') {
                    out.add('\\');
                }
                out.add(text, at, size);
                at += size;
            }
        }
    }

    static boolean isControl(byte c) {
        return (c >= 0 && c < 0x20 && c != '\t') || c == 0x7F;
    }

    private static void addOctal(byte c, ByteBuilder out) {
        out.add('#')
                .add((char) ('0' + (c >> 6)))
                .add((char) ('0' + (c >> 3 & 7)))
                .add((char) ('0' + (c & 7)));
    }
}
