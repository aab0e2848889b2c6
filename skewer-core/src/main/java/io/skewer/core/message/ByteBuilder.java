package io.skewer.core.message;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Bytes being put together: what {@link StringBuilder} is for characters. Reused by its owner, used by one thread. */
public final class ByteBuilder {
    private byte[] bytes;
    private int length;

    public ByteBuilder(int capacityBytes) {
        bytes = new byte[capacityBytes];
    }

    /** The array behind, valid until the next call that adds; its first {@link #length()} bytes count. */
    public byte[] array() {
        return bytes;
    }

    public int length() {
        return length;
    }

    public void clear() {
        length = 0;
    }

    /** Forgets everything behind the first {@code newLength} bytes. */
    public void truncate(int newLength) {
        if (newLength < 0 || newLength > length) {
            throw new IllegalArgumentException("cannot truncate " + length + " bytes to " + newLength);
        }
        length = newLength;
    }

    public ByteBuilder add(byte value) {
        reserve(1);
        bytes[length++] = value;
        return this;
    }

    public ByteBuilder add(char ascii) {
        return add((byte) ascii);
    }

    public ByteBuilder add(byte[] source) {
        return add(source, 0, source.length);
    }

    public ByteBuilder add(byte[] source, int offset, int count) {
        reserve(count);
        System.arraycopy(source, offset, bytes, length, count);
        length += count;
        return this;
    }

    /** Adds text as UTF-8. Makes an object: not for the data path. */
    public ByteBuilder add(String text) {
        return add(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Adds a number in decimal digits. */
    public ByteBuilder addDecimal(long value) {
        reserve(20);
        if (value < 0) {
            if (value == Long.MIN_VALUE) {
                return add(Long.toString(value));
            }
            bytes[length++] = '-';
            value = -value;
        }
        int digits = 1;
        for (long rest = value / 10; rest != 0; rest /= 10) {
            digits++;
        }
        addPadded(value, digits);
        return this;
    }

    /** Adds the last {@code digits} decimal digits of a number that is not negative, with leading zeros. */
    public ByteBuilder addPadded(long value, int digits) {
        reserve(digits);
        long rest = value;
        for (int at = length + digits - 1; at >= length; at--) {
            bytes[at] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        length += digits;
        return this;
    }

    /** Makes room for {@code count} more bytes, so that the array does not move while they are written in place. */
    public void reserve(int count) {
        int needed = Math.addExact(length, count);
        if (needed > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(needed, bytes.length + (bytes.length >> 1)));
        }
    }

    /** Counts {@code count} bytes that were written directly into {@link #array()} behind {@link #length()}. */
    public void advance(int count) {
        if (count < 0 || count > bytes.length - length) {
            throw new IllegalArgumentException("advance by " + count);
        }
        length += count;
    }

    public byte[] toByteArray() {
        return Arrays.copyOf(bytes, length);
    }

    /** The bytes as UTF-8 text. */
    @Override
    public String toString() {
        return new String(bytes, 0, length, StandardCharsets.UTF_8);
    }
}
