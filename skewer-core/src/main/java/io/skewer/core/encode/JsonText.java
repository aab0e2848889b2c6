package io.skewer.core.encode;

import io.skewer.core.message.ByteBuilder;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Writes bytes as the inside of a JSON string (RFC 8259 section 7).
 *
 * <p>Escaped are quote, backslash, LF and CR by their short forms and the other control characters as {@code \}{@code u00xx}. Each
 * byte that is no part of well-formed UTF-8 becomes {@code \}{@code ufffd}. Everything else is copied as it is: unlike the predecessor, {@code <},
 * {@code >}, {@code &} and U+2028 are not escaped, which JSON does not ask for and which costs time and readability.
 */
final class JsonText {
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ONES = 0x0101010101010101L;
    private static final long TOP_BITS = 0x8080808080808080L;
    private static final byte[] REPLACEMENT = "\\ufffd".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

    private JsonText() {}

    /** @return whether all of it was well-formed UTF-8, so that nothing was replaced */
    static boolean add(byte[] text, int offset, int length, ByteBuilder out) {
        boolean wellFormed = true;
        int end = offset + length;
        int runStart = offset;
        int at = offset;
        while (at < end) {
            if (end - at >= Long.BYTES && isPlain((long) LONG.get(text, at))) {
                at += Long.BYTES;
                continue;
            }
            byte c = text[at];
            if (c >= 0x20 && c != '"' && c != '\\') {
                at++;
                continue;
            }
            if (c < 0) {
                int size = Utf8.sequenceLength(text, at, end);
                if (size > 0) {
                    at += size;
                    continue;
                }
                wellFormed = false;
            }
            out.add(text, runStart, at - runStart);
            addEscaped(c, out);
            at++;
            runStart = at;
        }
        out.add(text, runStart, end - runStart);
        return wellFormed;
    }

    /**
     * Whether none of eight bytes needs a closer look: none with its top bit set, below 0x20, a quote or a backslash. A borrow in the
     * subtractions can only claim that one does although it does not, never the reverse.
     */
    private static boolean isPlain(long word) {
        long control = word - ONES * 0x20;
        long quote = (word ^ (ONES * '"')) - ONES;
        long backslash = (word ^ (ONES * '\\')) - ONES;
        return ((word | control | quote | backslash) & TOP_BITS) == 0;
    }

    private static void addEscaped(byte c, ByteBuilder out) {
        switch (c) {
            case '"', '\\' -> out.add('\\').add(c);
            case '\n' -> out.add('\\').add('n');
            case '\r' -> out.add('\\').add('r');
            default -> {
                out.add(REPLACEMENT);
                if (c >= 0) {
                    byte[] bytes = out.array();
                    int at = out.length() - 4;
                    bytes[at] = '0';
                    bytes[at + 1] = '0';
                    bytes[at + 2] = HEX[c >> 4];
                    bytes[at + 3] = HEX[c & 0xF];
                }
            }
        }
    }
}
