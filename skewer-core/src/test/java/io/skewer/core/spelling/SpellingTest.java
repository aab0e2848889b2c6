package io.skewer.core.spelling;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class SpellingTest {
    private static final List<String> WORDS = List.of("bind_addr", "ports", "format", "filename");

    @Test
    void aWordIsFoundInSpiteOfATypoOrItsCase() {
        assertThat(Spelling.suggestion("bind-adr", WORDS)).contains("\"bind_addr\"");
        assertThat(Spelling.suggestion("Format", WORDS)).contains("\"format\"");
        assertThat(Spelling.suggestion("port", WORDS)).contains("\"ports\"");
        assertThat(Spelling.suggestion("fielname", WORDS)).contains("\"filename\"");
    }

    @Test
    void whatIsNothingLikeAnyWordGetsNoSuggestion() {
        assertThat(Spelling.suggestion("colour", WORDS)).isEmpty();
        assertThat(Spelling.suggestion("x".repeat(10_000), WORDS)).isEmpty();
    }

    @Test
    void theDistanceIsTheNumberOfChanges() {
        assertThat(Spelling.distance("kitten", "sitting")).isEqualTo(3);
        assertThat(Spelling.distance("", "abc")).isEqualTo(3);
        assertThat(Spelling.distance("abc", "abc")).isZero();
    }
}
