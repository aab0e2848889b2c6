package io.skewer.core.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.skewer.core.config.MalformedBytes;
import io.skewer.core.config.PlainBytes;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.NotEmpty;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

class SampleBytesTest {
    @Property(tries = 200)
    void samplesComeBackEqual(
            @ForAll @AlphaChars @NotEmpty @StringLength(max = 20) String name,
            @ForAll @Size(max = 8) Map<@AlphaChars @NotEmpty String, @AlphaChars String> labels,
            @ForAll double value,
            @ForAll Sample.Kind kind)
            throws MalformedBytes {
        List<Sample> samples = List.of(
                new Sample(name, kind, "What it is.", new TreeMap<>(labels), value),
                new Sample("b", kind, "", new TreeMap<>(), -value));
        assertThat(SampleBytes.decode(SampleBytes.encode(samples))).isEqualTo(samples);
    }

    @Test
    void namesThatWouldBreakThePageAreRefused() {
        for (String name : List.of("", "a b", "a\nb 1", "1a", "a{x=\"\"}", "é", "a".repeat(2000))) {
            refuse(List.of(List.of(name, true, "", List.of(), 1.0)));
            refuse(List.of(List.of("a", true, "", List.of(name, "value"), 1.0)));
        }
        refuse(List.of(List.of("a", true, "", List.of("with:colon", "value"), 1.0)));
    }

    @Test
    void whatIsNotAListOfSamplesIsRefused() {
        refuse("text");
        refuse(List.of("text"));
        refuse(List.of(List.of("a", true, "", List.of())));
        refuse(List.of(List.of("a", 1L, "", List.of(), 1.0)));
        refuse(List.of(List.of("a", true, "", List.of(), 1L)));
        refuse(List.of(List.of("a", true, "", List.of("odd"), 1.0)));
        refuse(List.of(List.of("a", true, "", List.of("l", "1", "l", "2"), 1.0)));
        refuse(List.of(List.of("a", true, "", Collections.nCopies(2 * SampleBytes.MAX_LABELS + 2, "l"), 1.0)));
        refuse(List.of(List.of("a", true, "h".repeat(SampleBytes.MAX_TEXT_LENGTH + 1), List.of(), 1.0)));
        refuse(List.of(List.of("a", true, "", List.of("l", "v".repeat(SampleBytes.MAX_TEXT_LENGTH + 1)), 1.0)));
        refuse(Collections.nCopies(Measures.MAX_SERIES + 1, List.of("a", true, "", List.of(), 1.0)));
    }

    private static void refuse(Object plain) {
        byte[] bytes = PlainBytes.encode(plain);
        assertThatExceptionOfType(MalformedBytes.class).isThrownBy(() -> SampleBytes.decode(bytes));
    }

    @FuzzTest
    void anyBytesAreReadOrRefusedAndWhatIsReadCanBeRendered(byte[] bytes) {
        try {
            String page = PrometheusText.render(SampleBytes.decode(bytes));
            if (page.lines().anyMatch(String::isEmpty)) {
                throw new AssertionError(page);
            }
        } catch (MalformedBytes e) {
            // refused, as it should be
        }
    }
}
