package io.skewer.ipc.link;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;

/**
 * Reads the payload of a frame, little-endian, in the order in which {@link PayloadWriter} wrote it. Used by one thread.
 *
 * <p>Whatever is shorter or longer than it should be is a {@link ProtocolViolation}; lengths are checked before anything is
 * allocated. Every payload is read to its {@link #end()}. The owner of the link closes it then.
 */
public final class PayloadReader {
    private final byte[] bytes;
    private final int end;
    private int at;

    public PayloadReader(byte[] bytes, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, bytes.length);
        this.bytes = bytes;
        at = offset;
        end = offset + length;
    }

    public int u8() throws ProtocolViolation {
        return (int) number(Byte.BYTES);
    }

    public int u16() throws ProtocolViolation {
        return (int) number(Short.BYTES);
    }

    public long u32() throws ProtocolViolation {
        return number(Integer.BYTES);
    }

    /** A u32 that must not be above {@code max}: a count, an index, a length. */
    public int u32UpTo(int max) throws ProtocolViolation {
        long value = u32();
        if (value > max) {
            throw new ProtocolViolation(value + " where at most " + max + " is due");
        }
        return (int) value;
    }

    public long u64() throws ProtocolViolation {
        return number(Long.BYTES);
    }

    /** UTF-8 behind its length (u16). */
    public String text(int maxBytes) throws ProtocolViolation {
        int length = u16();
        if (length > maxBytes) {
            throw new ProtocolViolation("a text of " + length + " bytes where at most " + maxBytes + " are due");
        }
        int start = skip(length);
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes, start, length))
                    .toString();
        } catch (CharacterCodingException cause) {
            ProtocolViolation violation = new ProtocolViolation("a text is not UTF-8");
            violation.initCause(cause);
            throw violation;
        }
    }

    /** Bytes behind their length (u32). */
    public byte[] bytes(int maxBytes) throws ProtocolViolation {
        return raw(u32UpTo(maxBytes));
    }

    /** So many bytes. */
    public byte[] raw(int length) throws ProtocolViolation {
        int start = skip(length);
        return Arrays.copyOfRange(bytes, start, start + length);
    }

    /** Bytes that were not read yet. */
    public int remaining() {
        return end - at;
    }

    /** Makes sure that nothing is left. */
    public void end() throws ProtocolViolation {
        if (at != end) {
            throw new ProtocolViolation(remaining() + " bytes too many in a payload");
        }
    }

    private long number(int count) throws ProtocolViolation {
        int start = skip(count);
        long value = 0;
        for (int i = count - 1; i >= 0; i--) {
            value = value << Byte.SIZE | (bytes[start + i] & 0xff);
        }
        return value;
    }

    private int skip(int count) throws ProtocolViolation {
        if (count < 0 || count > remaining()) {
            throw new ProtocolViolation("a payload ends " + (count - remaining()) + " bytes too early");
        }
        int start = at;
        at += count;
        return start;
    }
}
