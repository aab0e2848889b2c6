package io.skewer.cli.loadgen;

import java.util.Arrays;

/**
 * The bytes of one message, of which only the number changes from one to the next. Counting is done on the digits in place, so a
 * message costs one copy of its bytes and little more. Used by one thread.
 */
final class Stencil {
    /** Ten digits number more messages than one sender sends in a day. */
    static final int DIGITS = 10;

    private final byte[] bytes;
    private final int lastDigitAt;

    /** @param digitsAt where the {@value #DIGITS} digits of the number stand, all {@code 0} */
    Stencil(byte[] bytes, int digitsAt) {
        this.bytes = bytes.clone();
        lastDigitAt = digitsAt + DIGITS - 1;
    }

    int length() {
        return bytes.length;
    }

    /** The current message; belongs to this stencil. */
    byte[] bytes() {
        return bytes;
    }

    /** A stencil of the same message with something before and behind it. */
    Stencil framed(byte[] before, byte[] behind) {
        byte[] framed = Arrays.copyOf(before, before.length + bytes.length + behind.length);
        System.arraycopy(bytes, 0, framed, before.length, bytes.length);
        System.arraycopy(behind, 0, framed, before.length + bytes.length, behind.length);
        return new Stencil(framed, before.length + lastDigitAt - DIGITS + 1);
    }

    /** Counts on. */
    void next() {
        int at = lastDigitAt;
        while (bytes[at] == '9') {
            bytes[at--] = '0';
        }
        bytes[at]++;
    }
}
