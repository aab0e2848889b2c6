package io.skewer.core.decode;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Frames and what is read from them, one pair of lines each in {@code src/test/resources/decode}: the frame, and, indented,
 * {@link Decoded#summary()}. Received at {@link Decoded#RECEIVED}, zone UTC.
 */
class CasesTest {
    @ParameterizedTest
    @CsvSource({"auto, rfc3164-cases.txt", "rfc5424, rfc5424-cases.txt", "json, json-cases.txt", "auto, auto-cases.txt"
    })
    void framesAreReadAsTheTableSays(String format, String file) throws IOException {
        List<String> expected = lines(file);
        List<String> actual = new ArrayList<>();
        for (int i = 0; i < expected.size(); i += 2) {
            String frame = expected.get(i);
            actual.add(frame);
            actual.add(
                    "    " + escape(Decoded.of(format, unescape(format, frame)).summary()));
        }
        assertThat(actual).hasSizeGreaterThan(20).containsExactlyElementsOf(expected);
    }

    private static List<String> lines(String file) throws IOException {
        try (var in = Objects.requireNonNull(CasesTest.class.getResourceAsStream("/decode/" + file))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        }
    }

    /** JSON has escapes of its own. */
    private static String unescape(String format, String frame) {
        return format.equals("json")
                ? frame
                : frame.replace("~n", "\n").replace("~r", "\r").replace("~0", "\0");
    }

    private static String escape(String text) {
        return text.replace("\n", "~n").replace("\r", "~r").replace("\b", "~b").replace("\f", "~f");
    }
}
