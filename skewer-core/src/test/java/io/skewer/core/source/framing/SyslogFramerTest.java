package io.skewer.core.source.framing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SyslogFramerTest {
    private static final Framing AUTOMATIC = Framing.automatic(64);

    private static List<String> frames(String stream) {
        return Frames.of(AUTOMATIC, bytes(stream)).found;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    @Test
    void aLineEndsWithLf() {
        assertThat(frames("<34>1 hello\nhello world\r\n")).containsExactly("<34>1 hello", "hello world");
    }

    @Test
    void aCountedFrameNeedsNoDelimiter() {
        assertThat(frames("11 <34>1 hello5 <1>ab6 {\"a\":1")).containsExactly("<34>1 hello", "<1>ab", "{\"a\":1");
    }

    @Test
    void bothFramingsMayAlternateOnOneConnection() {
        assertThat(frames("<1>line\n5 <1>ab\n\r\n <2>line\n6 <1>ab\n<3>x"))
                .containsExactly("<1>line", "<1>ab", "<2>line", "<1>ab", "<3>x");
    }

    @Test
    void aCountedFrameMayHoldLineEnds() {
        assertThat(frames("9 <1>a\nb\nc\n<2>x\n")).containsExactly("<1>a\nb\nc", "<2>x");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "404 not found",
                "5 apples",
                "5",
                "-5 x",
                "0 <1>abc",
                "007 <1>abc",
                "99999999999 x",
                "9999999999 <13>x",
                "12:30 noon",
                "5\t<1>ab"
            })
    void aNumberThatIsNoCountIsText(String line) {
        assertThat(frames(line + "\n<1>next\n")).containsExactly(line, "<1>next");
    }

    @Test
    void aCountBeyondTheLimitEndsTheStream() {
        assertThat(frames("<1>first\n65 <1>x")).containsExactly("<1>first", Frames.TOO_LONG);
        assertThat(frames("999999999 <1>x")).containsExactly(Frames.TOO_LONG);
        assertThat(frames("64 <1>" + "x".repeat(61))).containsExactly("<1>" + "x".repeat(61));
    }

    @Test
    void aLineOfTheLargestLengthIsWhole() {
        Frames frames = Frames.of(AUTOMATIC, bytes("a".repeat(64) + "\n<1>b\n"));
        assertThat(frames.found).containsExactly("a".repeat(64), "<1>b");
        assertThat(frames.cut).isZero();
    }

    @Test
    void aLongerLineIsCutAndTheRestIsCounted() {
        Frames frames = Frames.of(AUTOMATIC, bytes("a".repeat(64) + "b".repeat(1000) + "\n<1>c\n"));
        assertThat(frames.found).containsExactly("a".repeat(64), "<1>c");
        assertThat(frames.cut).isEqualTo(1);
        assertThat(frames.skipped).isEqualTo(1000);
    }

    @Test
    void theRestOfACutLineIsCountedAtTheEndOfTheStream() {
        Frames frames = Frames.of(AUTOMATIC, bytes("a".repeat(100)));
        assertThat(frames.found).containsExactly("a".repeat(64));
        assertThat(frames.skipped).isEqualTo(36);
    }

    @Test
    void theLastFrameNeedsNoDelimiterAtTheEndOfTheStream() {
        assertThat(frames("<34>abc")).containsExactly("<34>abc");
        assertThat(frames("30 <34>abc")).containsExactly("<34>abc");
        assertThat(frames("12")).containsExactly("12");
        assertThat(frames("<1>a\r")).containsExactly("<1>a");
    }

    @Test
    void emptyFramesDoNotExist() {
        assertThat(frames("\n\n  \r\n\0\0\n \n")).isEmpty();
        assertThat(frames("")).isEmpty();
    }

    @Test
    void trailingLineEndsAndNulsAreTakenOff() {
        assertThat(frames("<1>a\r\0\n<1>b\0\n")).containsExactly("<1>a", "<1>b");
    }

    @Test
    void aDelimiterOfSeveralBytesEndsAFrame() {
        Framing framing = new Framing(64, bytes("||\n"), false);
        assertThat(Frames.of(framing, bytes("a|b\n||\n||\n||\nc|\n||\n5 <1>de|f")).found)
                .containsExactly("a|b", "c|", "<1>de", "|f");
    }

    @Test
    void lineFramingCountsNothing() {
        Framing framing = new Framing(64, bytes("\0"), true);
        assertThat(Frames.of(framing, bytes("5 <1>ab\0second\nline\0")).found)
                .containsExactly("5 <1>ab", "second\nline");
    }

    @Test
    void aFramingWithoutDelimiterIsRefused() {
        assertThatThrownBy(() -> new Framing(64, new byte[0], true)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\n", "\r\n", "||\n", " |", "\n\n"})
    void aStreamCutAtAnyBorderGivesTheSameFrames(String delimiter) {
        Framing framing = new Framing(20, bytes(delimiter), false);
        byte[] stream = bytes("<1>ab" + delimiter + "5 <1>cd\r 12 {\"a\": \"bcd\"}" + delimiter + delimiter + "404 lost"
                + delimiter + "x".repeat(20) + delimiter + "y".repeat(55) + delimiter + "\0\0 123456789012 z"
                + delimiter + "8 <1>e\n\n\0\r5 <1>f");
        List<String> whole = Frames.of(framing, stream).found;
        assertThat(whole).hasSizeGreaterThan(6);
        for (int first = 0; first <= stream.length; first++) {
            for (int second = first; second <= stream.length; second++) {
                assertThat(Frames.of(framing, stream, first, second).found).isEqualTo(whole);
            }
        }
    }

    @Property(tries = 2000)
    void aStreamCutAtRandomGivesTheSameFrames(@ForAll long seed, @ForAll @IntRange(min = 1, max = 40) int limit) {
        Random random = new Random(seed);
        byte[] alphabet = bytes("<{>0123456789  \n\n\r\0ab|");
        byte[] stream = new byte[random.nextInt(400)];
        for (int i = 0; i < stream.length; i++) {
            stream[i] = alphabet[random.nextInt(alphabet.length)];
        }
        String[] delimiters = {"\n", "\r\n", "|", "a|", "\0"};
        Framing framing =
                new Framing(limit, bytes(delimiters[random.nextInt(delimiters.length)]), random.nextInt(4) == 0);
        int[] cuts =
                random.ints(random.nextInt(30), 0, stream.length + 1).sorted().toArray();
        Frames whole = Frames.of(framing, stream);
        Frames cut = Frames.of(framing, stream, cuts);
        assertThat(cut.found).isEqualTo(whole.found);
        assertThat(cut.skipped).isEqualTo(whole.skipped);
        assertThat(cut.cut).isEqualTo(whole.cut);
    }

    @Property(tries = 500)
    void whatIsSentIsFound(@ForAll long seed) {
        Random random = new Random(seed);
        StringBuilder stream = new StringBuilder();
        List<String> sent = random.ints(20, 1, 61)
                .mapToObj(length -> "<" + "abcdefghij ".repeat(6).substring(0, length) + ">")
                .toList();
        for (String message : sent) {
            stream.append(random.nextBoolean() ? message.length() + " " + message : message + "\n");
        }
        assertThat(frames(stream.toString())).isEqualTo(sent);
    }
}
