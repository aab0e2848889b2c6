package io.skewer.core.decode;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CharsetEncoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Converts whole frames to UTF-8 before they are scanned, into scratch that is reused. Character sets of one byte go by table,
 * and frames of nothing but ASCII not at all; the others through the JDK. Belongs to one thread.
 */
final class Transcoder {
    private static final int BYTE_VALUES = 256;
    private static final int UTF8_MAX_BYTES_PER_CHAR = 3;
    private static final char REPLACEMENT = '\uFFFD';

    private final Charset charset;
    /** One byte to one character; null for sets that need more. */
    private final char @Nullable [] table;

    private final boolean containsAscii;
    private byte[] scratch = new byte[0];
    private CharBuffer chars = CharBuffer.allocate(0);
    private int length;
    private boolean lossy;

    private Transcoder(Charset charset) {
        this.charset = charset;
        table = isSingleByte(charset) ? table(charset) : null;
        containsAscii = table != null && startsWithAscii(table);
    }

    /**
     * The converter for a configured name, in which dashes and case do not count.
     *
     * @return null for UTF-8, which needs none
     * @throws IllegalArgumentException when no character set is called so
     */
    static @Nullable Transcoder of(String name) {
        Charset charset = charset(name);
        return charset.equals(StandardCharsets.UTF_8) ? null : new Transcoder(charset);
    }

    private static Charset charset(String name) {
        String plain = name.strip().toLowerCase(Locale.ROOT);
        try {
            return switch (plain.replace("-", "").replace("_", "")) {
                case "utf8" -> StandardCharsets.UTF_8;
                case "latin1", "iso88591" -> StandardCharsets.ISO_8859_1;
                case "latin15", "latin9", "iso885915" -> Charset.forName("ISO-8859-15");
                case "windows1252", "cp1252" -> Charset.forName("windows-1252");
                default -> Charset.forName(plain);
            };
        } catch (IllegalCharsetNameException | UnsupportedCharsetException cause) {
            throw new IllegalArgumentException(
                    "charset \"" + name
                            + "\" is not known; use utf8, latin1, windows-1252 or another name that Java knows",
                    cause);
        }
    }

    private static boolean isSingleByte(Charset charset) {
        return charset.canEncode() && charset.newEncoder().maxBytesPerChar() <= 1.0f;
    }

    private static char[] table(Charset charset) {
        char[] table = new char[BYTE_VALUES];
        for (int i = 0; i < BYTE_VALUES; i++) {
            table[i] = new String(new byte[] {(byte) i}, charset).charAt(0);
        }
        return table;
    }

    private static boolean startsWithAscii(char[] table) {
        for (int i = 0; i < 0x80; i++) {
            if (table[i] != i) {
                return false;
            }
        }
        return true;
    }

    /** @return false when the frame is the same in UTF-8, and nothing was converted */
    boolean convert(byte[] frame, int offset, int count) {
        if (containsAscii && Scan.isAscii(frame, offset, offset + count)) {
            return false;
        }
        lossy = false;
        if (table == null) {
            decode(frame, offset, count);
        } else {
            lookUp(table, frame, offset, count);
        }
        return true;
    }

    /** The frame in UTF-8, valid until the next call; its first {@link #length()} bytes count. */
    byte[] array() {
        return scratch;
    }

    int length() {
        return length;
    }

    /** Whether there were bytes that mean nothing in the character set. */
    boolean isLossy() {
        return lossy;
    }

    private void lookUp(char[] characters, byte[] frame, int offset, int count) {
        reserve(count);
        int at = 0;
        for (int i = offset; i < offset + count; i++) {
            char c = characters[frame[i] & 0xFF];
            lossy |= c == REPLACEMENT;
            if (c < 0x80) {
                scratch[at++] = (byte) c;
            } else if (c < 0x800) {
                scratch[at++] = (byte) (0xC0 | (c >> 6));
                scratch[at++] = (byte) (0x80 | (c & 0x3F));
            } else {
                scratch[at++] = (byte) (0xE0 | (c >> 12));
                scratch[at++] = (byte) (0x80 | ((c >> 6) & 0x3F));
                scratch[at++] = (byte) (0x80 | (c & 0x3F));
            }
        }
        length = at;
    }

    private void decode(byte[] frame, int offset, int count) {
        CharsetDecoder decoder = charset.newDecoder()
                .onMalformedInput(CodingErrorAction.REPLACE)
                .onUnmappableCharacter(CodingErrorAction.REPLACE);
        int most = (int) Math.ceil(count * (double) decoder.maxCharsPerByte()) + 8;
        if (chars.capacity() < most) {
            chars = CharBuffer.allocate(most);
        }
        chars.clear();
        check(decoder.decode(ByteBuffer.wrap(frame, offset, count), chars, true));
        check(decoder.flush(chars));
        chars.flip();
        for (int i = 0; i < chars.length(); i++) {
            lossy |= chars.charAt(i) == REPLACEMENT;
        }
        reserve(chars.length());
        CharsetEncoder encoder = StandardCharsets.UTF_8
                .newEncoder()
                .onMalformedInput(CodingErrorAction.REPLACE)
                .onUnmappableCharacter(CodingErrorAction.REPLACE);
        ByteBuffer out = ByteBuffer.wrap(scratch);
        check(encoder.encode(chars, out, true));
        check(encoder.flush(out));
        length = out.position();
    }

    private static void check(CoderResult result) {
        if (result.isOverflow()) {
            throw new IllegalStateException("scratch too small: " + result);
        }
    }

    private void reserve(int characters) {
        int needed = Math.multiplyExact(characters, UTF8_MAX_BYTES_PER_CHAR);
        if (scratch.length < needed) {
            scratch = Arrays.copyOf(scratch, needed);
        }
    }
}
