package io.skewer.core.encode;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Judges UTF-8 where it stands (RFC 3629 section 4). */
final class Utf8 {
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long TOP_BITS = 0x8080808080808080L;

    private Utf8() {}

    /** The length of the well-formed sequence at {@code at}, or 0 when there is none. */
    static int sequenceLength(byte[] text, int at, int end) {
        int first = text[at] & 0xFF;
        if (first < 0x80) {
            return 1;
        }
        if (first < 0xC2 || first > 0xF4) {
            return 0;
        }
        int length = first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
        if (end - at < length) {
            return 0;
        }
        int second = text[at + 1] & 0xFF;
        // Overlong forms, surrogates, and what lies beyond U+10FFFF are told by the second byte.
        int low = first == 0xE0 ? 0xA0 : first == 0xF0 ? 0x90 : 0x80;
        int high = first == 0xED ? 0x9F : first == 0xF4 ? 0x8F : 0xBF;
        if (second < low || second > high) {
            return 0;
        }
        for (int i = 2; i < length; i++) {
            if ((text[at + i] & 0xC0) != 0x80) {
                return 0;
            }
        }
        return length;
    }

    static boolean isValid(byte[] text, int offset, int length) {
        int end = offset + length;
        int at = offset;
        while (at < end) {
            if (end - at >= Long.BYTES && ((long) LONG.get(text, at) & TOP_BITS) == 0) {
                at += Long.BYTES;
                continue;
            }
            int size = sequenceLength(text, at, end);
            if (size == 0) {
                return false;
            }
            at += size;
        }
        return true;
    }
}
