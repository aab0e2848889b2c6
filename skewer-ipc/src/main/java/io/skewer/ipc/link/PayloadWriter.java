package io.skewer.ipc.link;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Puts the payload of a small frame together, little-endian. Used by one thread. A value that does not fit its place is a
 * mistake of the caller: {@link IllegalArgumentException}.
 */
public final class PayloadWriter {
    private byte[] bytes = new byte[64];
    private int length;

    public PayloadWriter u8(int value) {
        return number(inRange(value, 0xff), Byte.BYTES);
    }

    public PayloadWriter u16(int value) {
        return number(inRange(value, 0xffff), Short.BYTES);
    }

    public PayloadWriter u32(long value) {
        return number(inRange(value, 0xffff_ffffL), Integer.BYTES);
    }

    /** Eight bytes; the sign is the reader's to see. */
    public PayloadWriter u64(long value) {
        return number(value, Long.BYTES);
    }

    /** UTF-8 behind its length (u16); what no UTF-8 can say becomes a question mark. */
    public PayloadWriter text(String text, int maxBytes) {
        byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
        u16(inRange(encoded.length, Math.min(maxBytes, 0xffff)));
        return raw(encoded);
    }

    /** Bytes behind their length (u32). */
    public PayloadWriter bytes(byte[] value, int maxBytes) {
        u32(inRange(value.length, maxBytes));
        return raw(value);
    }

    /** Bytes without their length: the last part of a payload, or one of fixed length. */
    public PayloadWriter raw(byte[] value) {
        reserve(value.length);
        System.arraycopy(value, 0, bytes, length, value.length);
        length += value.length;
        return this;
    }

    /** The array behind, valid until the next call that writes; its first {@link #length()} bytes count. */
    byte[] array() {
        return bytes;
    }

    public int length() {
        return length;
    }

    /** A copy of what was written. */
    public byte[] toByteArray() {
        return Arrays.copyOf(bytes, length);
    }

    /** Overwrites what was written, for payloads with secrets in them. */
    public void wipe() {
        Arrays.fill(bytes, (byte) 0);
        length = 0;
    }

    private PayloadWriter number(long value, int count) {
        reserve(count);
        for (int i = 0; i < count; i++) {
            bytes[length++] = (byte) (value >>> (i * Byte.SIZE));
        }
        return this;
    }

    private static int inRange(int value, int max) {
        return (int) inRange((long) value, max);
    }

    private static long inRange(long value, long max) {
        if (value < 0 || value > max) {
            throw new IllegalArgumentException(value + " is not between 0 and " + max);
        }
        return value;
    }

    private void reserve(int count) {
        if (count > Link.MAX_PAYLOAD_BYTES - length) {
            throw new IllegalArgumentException("a payload of more than " + Link.MAX_PAYLOAD_BYTES + " bytes");
        }
        if (length + count > bytes.length) {
            byte[] small = bytes;
            bytes = Arrays.copyOf(small, Math.max(length + count, small.length * 2));
            Arrays.fill(small, (byte) 0); // or wipe() would miss it
        }
    }
}
