package io.skewer.core.decode;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** The letters of the scanners: classes of bytes, words, digits, priorities. Without state. */
final class Scan {
    static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    static final VarHandle SHORT = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);

    /** Highest PRIVAL: facility 23, severity 7 (RFC 5424 section 6.2.1). */
    private static final int MAX_PRIORITY = 191;

    private Scan() {}

    static boolean isBlank(byte c) {
        return c == ' ' || c == '\t';
    }

    static boolean isDigit(byte c) {
        return c >= '0' && c <= '9';
    }

    static boolean isLetterOrDigit(byte c) {
        return isDigit(c) || isLetter(c);
    }

    static boolean isLetter(byte c) {
        int lower = c | 0x20;
        return lower >= 'a' && lower <= 'z';
    }

    static int skipBlanks(byte[] bytes, int at, int end) {
        int i = at;
        while (i < end && isBlank(bytes[i])) {
            i++;
        }
        return i;
    }

    /** Where the word at {@code at} ends: before a blank, a control character or the end. */
    static int wordEnd(byte[] bytes, int at, int end) {
        int i = at;
        // Signed: bytes of UTF-8 sequences are negative and part of words.
        while (i < end && (bytes[i] > ' ' || bytes[i] < 0) && bytes[i] != 0x7F) {
            i++;
        }
        return i;
    }

    static boolean isAscii(byte[] bytes, int start, int end) {
        int all = 0;
        for (int i = start; i < end; i++) {
            all |= bytes[i];
        }
        return all >= 0;
    }

    /** Two digits as a number, or -1. */
    static int twoDigits(byte[] bytes, int at) {
        int tens = bytes[at] - '0';
        int ones = bytes[at + 1] - '0';
        // Negative numbers and those above 9 both fail the unsigned comparison.
        return Integer.compareUnsigned(tens, 9) <= 0 && Integer.compareUnsigned(ones, 9) <= 0 ? tens * 10 + ones : -1;
    }

    /** Up to nine digits as a number, or -1. */
    static int number(byte[] bytes, int start, int end) {
        if (start >= end || end - start > 9) {
            return -1;
        }
        int value = 0;
        for (int i = start; i < end; i++) {
            if (!isDigit(bytes[i])) {
                return -1;
            }
            value = value * 10 + (bytes[i] - '0');
        }
        return value;
    }

    static int skipDigits(byte[] bytes, int at, int end) {
        int i = at;
        while (i < end && isDigit(bytes[i])) {
            i++;
        }
        return i;
    }

    static boolean startsWith(byte[] bytes, int at, int end, byte[] prefix) {
        if (end - at < prefix.length) {
            return false;
        }
        for (int i = 0; i < prefix.length; i++) {
            if (bytes[at + i] != prefix[i]) {
                return false;
            }
        }
        return true;
    }

    static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /**
     * Reads {@code <PRIVAL>}.
     *
     * @return the priority and, shifted by 8, how many bytes it takes; -1 when there is none from 0 to 191
     */
    static int priority(byte[] bytes, int at, int end) {
        if (at >= end || bytes[at] != '<') {
            return -1;
        }
        int close = skipDigits(bytes, at + 1, Math.min(end, at + 4));
        int value = number(bytes, at + 1, close);
        if (close >= end || bytes[close] != '>' || value < 0 || value > MAX_PRIORITY) {
            return -1;
        }
        return (close + 1 - at) << 8 | value;
    }

    /** Whether a priority read by {@link #priority} at {@code at} has zeros in front, which RFC 5424 section 6.2.1 forbids. */
    static boolean hasLeadingZero(byte[] bytes, int at) {
        return bytes[at + 1] == '0' && bytes[at + 2] != '>';
    }

    /**
     * Where the text of a frame ends: before the CR, LF and NUL that stand at its end, and the blanks between and behind them.
     * Blanks that no line end goes before are text.
     */
    static int endOfText(byte[] bytes, int start, int end) {
        int cut = end;
        for (int i = end - 1; i >= start; i--) {
            byte c = bytes[i];
            if (c == '\n' || c == '\r' || c == 0) {
                cut = i;
            } else if (!isBlank(c)) {
                break;
            }
        }
        return cut;
    }

    static boolean hasBlank(byte[] bytes, int start, int end) {
        for (int i = start; i < end; i++) {
            if (isBlank(bytes[i])) {
                return true;
            }
        }
        return false;
    }

    /** Over blanks and line ends before a frame. */
    static int skipSpace(byte[] bytes, int at, int end) {
        int i = at;
        while (i < end && (isBlank(bytes[i]) || bytes[i] == '\n' || bytes[i] == '\r')) {
            i++;
        }
        return i;
    }
}
