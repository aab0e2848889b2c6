package io.skewer.core.config;

import io.skewer.core.message.ByteBuilder;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Plain values as bytes, for the control links between the processes: settings, samples, log records. Not for messages.
 *
 * <p>One byte says what follows: 0 false, 1 true, 2 a whole number in 8 bytes, 3 text as length and UTF-8, 4 a list as count and
 * values, 5 a map as count and pairs of text and value, 6 a floating-point number in 8 bytes. Lengths and counts have 4 bytes;
 * everything is little-endian. The reader believes nothing: a count is held against the bytes that are left before room is made
 * for it, depth and total length have limits, and no byte may follow the value.
 */
public final class PlainBytes {
    /** The longest value that is read or written. */
    public static final int MAX_BYTES = 4 << 20;

    /** Deeper than any record here; far from the end of a small stack. */
    static final int MAX_DEPTH = 16;

    private static final byte FALSE = 0;
    private static final byte TRUE = 1;
    private static final byte LONG = 2;
    private static final byte TEXT = 3;
    private static final byte LIST = 4;
    private static final byte MAP = 5;
    private static final byte DOUBLE = 6;

    private final ByteBuffer in;

    private PlainBytes(byte[] bytes) {
        in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    /**
     * The bytes of a value.
     *
     * @throws IllegalArgumentException when it is not plain, too deep, or too long
     */
    public static byte[] encode(Object value) {
        return encode(value, new ByteBuilder(512));
    }

    /** Leaves nothing of the value in the builder, whatever comes of it: there may be a secret in it. */
    static byte[] encode(Object value, ByteBuilder out) {
        try {
            write(out, value, 0);
            if (out.length() > MAX_BYTES) {
                throw new IllegalArgumentException(out.length() + " bytes");
            }
            return out.toByteArray();
        } finally {
            Arrays.fill(out.array(), (byte) 0);
        }
    }

    private static void write(ByteBuilder out, Object value, int depth) {
        if (depth > MAX_DEPTH) {
            throw new IllegalArgumentException("deeper than " + MAX_DEPTH);
        }
        reserve(out, 1 + Long.BYTES);
        // A switch over types would make the JVM write code for it, in every process that starts.
        if (value instanceof Boolean bool) {
            out.add(bool ? TRUE : FALSE);
        } else if (value instanceof Long number) {
            writeLong(out.add(LONG), number);
        } else if (value instanceof Double number) {
            writeLong(out.add(DOUBLE), Double.doubleToRawLongBits(number));
        } else if (value instanceof String text) {
            writeText(out.add(TEXT), text);
        } else if (value instanceof List<?> list) {
            writeInt(out.add(LIST), list.size());
            for (Object one : list) {
                write(out, one, depth + 1);
            }
        } else if (value instanceof Map<?, ?> map) {
            writeInt(out.add(MAP), map.size());
            for (Map.Entry<?, ?> pair : map.entrySet()) {
                writeText(out, (String) pair.getKey());
                write(out, pair.getValue(), depth + 1);
            }
        } else {
            throw new IllegalArgumentException("not a plain value: " + value.getClass());
        }
    }

    /** Wipes the array that becomes too small. */
    private static void reserve(ByteBuilder out, int count) {
        byte[] small = out.array();
        out.reserve(count);
        if (out.array().length > small.length) {
            Arrays.fill(small, (byte) 0);
        }
    }

    private static void writeInt(ByteBuilder out, int value) {
        for (int shift = 0; shift < 32; shift += 8) {
            out.add((byte) (value >> shift));
        }
    }

    private static void writeLong(ByteBuilder out, long value) {
        writeInt(out, (int) value);
        writeInt(out, (int) (value >> 32));
    }

    private static void writeText(ByteBuilder out, String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        reserve(out, Integer.BYTES + utf8.length);
        writeInt(out, utf8.length);
        out.add(utf8);
        Arrays.fill(utf8, (byte) 0);
    }

    /** The value that the bytes hold: Boolean, Long, Double, String, List, or Map with the order of its pairs. */
    public static Object decode(byte[] bytes) throws MalformedBytes {
        if (bytes.length > MAX_BYTES) {
            throw new MalformedBytes(bytes.length + " bytes");
        }
        PlainBytes reader = new PlainBytes(bytes);
        Object value = reader.read(0);
        if (reader.in.hasRemaining()) {
            throw new MalformedBytes(reader.in.remaining() + " bytes behind the value");
        }
        return value;
    }

    private Object read(int depth) throws MalformedBytes {
        if (depth > MAX_DEPTH) {
            throw new MalformedBytes("deeper than " + MAX_DEPTH);
        }
        need(1);
        byte kind = in.get();
        return switch (kind) {
            case FALSE -> false;
            case TRUE -> true;
            case LONG -> readLong();
            case DOUBLE -> Double.longBitsToDouble(readLong());
            case TEXT -> readText();
            case LIST -> readList(depth);
            case MAP -> readMap(depth);
            default -> throw new MalformedBytes("kind " + kind);
        };
    }

    private List<Object> readList(int depth) throws MalformedBytes {
        int count = readCount(1);
        List<Object> values = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            values.add(read(depth + 1));
        }
        return values;
    }

    private Map<String, Object> readMap(int depth) throws MalformedBytes {
        int count = readCount(5);
        Map<String, Object> map = new LinkedHashMap<>();
        for (int i = 0; i < count; i++) {
            String name = readText();
            if (map.put(name, read(depth + 1)) != null) {
                throw new MalformedBytes("a name stands twice");
            }
        }
        return map;
    }

    private long readLong() throws MalformedBytes {
        need(8);
        return in.getLong();
    }

    /** A count of things of which each takes at least so many bytes. */
    private int readCount(int bytesEach) throws MalformedBytes {
        need(4);
        int count = in.getInt();
        if (count < 0 || count > in.remaining() / bytesEach) {
            throw new MalformedBytes("count " + count);
        }
        return count;
    }

    private String readText() throws MalformedBytes {
        int length = readCount(1);
        ByteBuffer utf8 = in.slice(in.position(), length);
        in.position(in.position() + length);
        try {
            // A fresh decoder reports what is not UTF-8 instead of replacing it.
            return StandardCharsets.UTF_8.newDecoder().decode(utf8).toString();
        } catch (CharacterCodingException e) {
            throw new MalformedBytes("text that is not UTF-8");
        }
    }

    private void need(int bytes) throws MalformedBytes {
        if (in.remaining() < bytes) {
            throw new MalformedBytes("ends too early");
        }
    }
}
