package io.skewer.core.encode;

import static org.assertj.core.api.Assertions.assertThat;

import io.skewer.core.message.ByteBuilder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class PlainTextTest {
    private static String cleaned(byte[] text, int offset, int length) {
        ByteBuilder out = new ByteBuilder(8);
        PlainText.addMessage(text, offset, length, true, out);
        return latin1(out.array(), 0, out.length());
    }

    private static String latin1(byte[] bytes, int offset, int length) {
        return new String(bytes, offset, length, StandardCharsets.ISO_8859_1);
    }

    /** The rule, one byte at a time. */
    private static String plainly(byte[] text, int offset, int length) {
        StringBuilder out = new StringBuilder();
        for (int i = offset; i < offset + length; i++) {
            int c = text[i] & 0xFF;
            boolean control = (c < 0x20 && c != '\t') || c == 0x7F;
            out.append(control ? String.format(Locale.ROOT, "#%03o", c) : String.valueOf((char) c));
        }
        return out.toString();
    }

    @Test
    void everyByteInEveryPlaceOfALongTextIsJudgedAlike() {
        for (int value = 0; value < 256; value++) {
            for (int place = 0; place < 40; place++) {
                byte[] text = "the quick brown fox jumps over the lazy dog".getBytes(StandardCharsets.US_ASCII);
                text[place] = (byte) value;
                assertThat(cleaned(text, 0, text.length)).isEqualTo(plainly(text, 0, text.length));
            }
        }
    }

    @Property(tries = 500)
    void anyPartOfAnyBytesIsCleanedAsTheRuleSays(
            @ForAll @Size(max = 100) byte[] text, @ForAll @IntRange(max = 100) int skip) {
        int offset = Math.min(skip, text.length);
        assertThat(cleaned(text, offset, text.length - offset)).isEqualTo(plainly(text, offset, text.length - offset));
    }
}
