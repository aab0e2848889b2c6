package io.skewer.core.source.framing;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Finds bytes in an array, eight at a time: the scan for the end of a line touches every byte that is received, and the simple
 * loop costs several times as much. Holds the pattern; safe for use by several threads.
 */
final class ByteSearch {
    static final int NOT_FOUND = -1;

    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long LOW_BITS = 0x0101010101010101L;
    private static final long HIGH_BITS = 0x8080808080808080L;

    private final byte[] pattern;
    private final long repeatedFirst;

    ByteSearch(byte[] pattern) {
        this.pattern = pattern;
        this.repeatedFirst = (pattern[0] & 0xFFL) * LOW_BITS;
    }

    /** @return where the whole pattern stands first in {@code from..to}, or {@link #NOT_FOUND} */
    int find(byte[] bytes, int from, int to) {
        int at = findFirst(bytes, from, to);
        while (at != NOT_FOUND && at + pattern.length <= to) {
            if (matches(bytes, at)) {
                return at;
            }
            at = findFirst(bytes, at + 1, to);
        }
        return NOT_FOUND;
    }

    /** Whether the whole pattern stands at {@code at}; the caller knows that there are bytes enough. */
    boolean matches(byte[] bytes, int at) {
        for (int i = 0; i < pattern.length; i++) {
            if (bytes[at + i] != pattern[i]) {
                return false;
            }
        }
        return true;
    }

    private int findFirst(byte[] bytes, int from, int to) {
        int at = from;
        for (; at + Long.BYTES <= to; at += Long.BYTES) {
            long differences = (long) LONG.get(bytes, at) ^ repeatedFirst;
            // The lowest bit set marks the first zero byte; higher ones may be false, which does no harm here.
            long zeroes = (differences - LOW_BITS) & ~differences & HIGH_BITS;
            if (zeroes != 0) {
                return at + (Long.numberOfTrailingZeros(zeroes) >>> 3);
            }
        }
        for (; at < to; at++) {
            if (bytes[at] == pattern[0]) {
                return at;
            }
        }
        return NOT_FOUND;
    }
}
