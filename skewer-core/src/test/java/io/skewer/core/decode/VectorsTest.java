package io.skewer.core.decode;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.skewer.core.config.Decoding;
import io.skewer.core.message.ParseStatus;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Third-party cases, kept beside the checkout in {@code ../shared/vectors}. Where we differ, {@code vector-deviations.tsv} says
 * why, and this test fails as well when a case listed there would pass.
 */
class VectorsTest {
    /** The zones that the notes of these cases name. */
    private static final Map<String, String> ZONES =
            Map.of("loose-parse_chrono_tz", "Europe/Paris", "loose-parse_exact_with_tz", "+05:00");

    @Test
    void thirdPartyCasesAreReadAsTheirAuthorsExpectButForTheListedDeviations() throws IOException {
        Map<String, String> failures = new TreeMap<>();
        int cases = 0;
        for (JsonObject vector : vectors()) {
            cases++;
            List<String> differences = differences(vector);
            if (!differences.isEmpty()) {
                failures.put(vector.get("id").getAsString(), String.join("; ", differences));
            }
        }
        assertThat(cases).as("cases found").isGreaterThanOrEqualTo(267);
        assertThat(failures.keySet())
                .as("deviations: %s", failures)
                .containsExactlyElementsOf(deviations().keySet());
    }

    @Test
    void noThirdPartyCaseLosesAByte() throws IOException {
        for (JsonObject vector : vectors()) {
            for (String format : List.of("rfc5424", "rfc3164", "json", "auto")) {
                byte[] frame = input(vector);
                Decoded decoded = Decoded.of(Decoded.settings(format), frame, Decoded.RECEIVED);
                assertThat(decoded.keeps(frame))
                        .as("%s as %s", vector.get("id"), format)
                        .isTrue();
            }
        }
    }

    private static List<JsonObject> vectors() throws IOException {
        Path folder = root().resolveSibling("shared").resolve("vectors");
        assertThat(folder)
                .as("the third-party cases, a folder beside the checkout")
                .isDirectory();
        List<JsonObject> vectors = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file :
                    files.filter(f -> f.toString().endsWith(".jsonl")).sorted().toList()) {
                Files.readAllLines(file)
                        .forEach(
                                line -> vectors.add(JsonParser.parseString(line).getAsJsonObject()));
            }
        }
        return vectors;
    }

    private static Path root() {
        Path folder = Path.of("").toAbsolutePath();
        while (Files.exists(folder.resolveSibling("pom.xml"))) {
            folder = Objects.requireNonNull(folder.getParent());
        }
        return folder;
    }

    private static Map<String, String> deviations() {
        Map<String, String> deviations = new TreeMap<>();
        try (var in = Objects.requireNonNull(VectorsTest.class.getResourceAsStream("/decode/vector-deviations.tsv"))) {
            for (String line : new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList()) {
                int tab = line.indexOf('\t');
                assertThat(tab).as("id and reason of %s", line).isBetween(1, line.length() - 10);
                assertThat(deviations.put(line.substring(0, tab), line.substring(tab + 1)))
                        .as("listed twice: %s", line)
                        .isNull();
            }
        } catch (IOException cause) {
            throw new UncheckedIOException(cause);
        }
        return deviations;
    }

    private static byte[] input(JsonObject vector) {
        return vector.has("input")
                ? vector.get("input").getAsString().getBytes(StandardCharsets.UTF_8)
                : Base64.getDecoder().decode(vector.get("input_b64").getAsString());
    }

    private static List<String> differences(JsonObject vector) {
        String zone = ZONES.getOrDefault(vector.get("id").getAsString(), "UTC");
        Decoding settings = new Decoding(vector.get("hint").getAsString(), "utf8", zone, false);
        Decoded decoded = Decoded.of(settings, input(vector), Decoded.RECEIVED);
        JsonObject expect = vector.getAsJsonObject("expect");
        if (expect.get("valid").getAsBoolean()) {
            return compare(expect, decoded);
        }
        boolean lenient =
                expect.has("lenient_valid") && expect.get("lenient_valid").getAsBoolean();
        return lenient || decoded.status() != ParseStatus.OK ? List.of() : List.of("accepted as it is");
    }

    private static List<String> compare(JsonObject expect, Decoded decoded) {
        Map<String, Object> actual = new HashMap<>();
        actual.put("hostname", decoded.host());
        actual.put("appname", decoded.app());
        actual.put("procid", decoded.procid());
        actual.put("msgid", decoded.msgid());
        actual.put("message", decoded.message());
        actual.put("message_b64", Base64.getEncoder().encodeToString(decoded.messageBytes()));
        actual.put("priority", Integer.toString(decoded.priority()));
        actual.put("facility", Integer.toString(decoded.priority() / 8));
        actual.put("severity", Integer.toString(decoded.priority() % 8));
        actual.put("version", Integer.toString(decoded.version()));
        actual.put("timestamp", decoded.time());
        actual.put(
                "timestamp_noyear", decoded.time().replaceFirst("^\\d{4}-", "").replace("Z", ""));
        actual.put("year_if_month_aware", decoded.time().replaceFirst("-.*", ""));
        actual.put("structured_data", structuredData(decoded).toString());
        List<String> differences = new ArrayList<>();
        for (Map.Entry<String, JsonElement> entry : expect.entrySet()) {
            String key = entry.getKey();
            boolean missingPriority = entry.getValue().isJsonNull()
                    && List.of("priority", "facility", "severity").contains(key);
            if (actual.containsKey(key)
                    && !missingPriority
                    && !wanted(key, entry.getValue()).equals(actual.get(key))) {
                differences.add(key + " is " + actual.get(key));
            }
        }
        return differences;
    }

    private static String wanted(String key, JsonElement value) {
        if (key.equals("structured_data")) {
            Map<String, Map<String, String>> elements = new TreeMap<>();
            if (!value.isJsonNull()) {
                value.getAsJsonObject().entrySet().forEach(element -> {
                    Map<String, String> parameters = new TreeMap<>();
                    element.getValue()
                            .getAsJsonObject()
                            .entrySet()
                            .forEach(
                                    p -> parameters.put(p.getKey(), p.getValue().getAsString()));
                    elements.put(element.getKey(), parameters);
                });
            }
            return elements.toString();
        }
        if (value.isJsonNull()) {
            return "";
        }
        String text = value.getAsString();
        return key.equals("timestamp") ? instant(text).toString() : text;
    }

    /** RFC 3339 allows offsets up to 23:59, java.time up to 18:00. */
    private static Instant instant(String text) {
        if (text.endsWith("Z")) {
            return Instant.parse(text);
        }
        int offset = text.length() - 6;
        Duration east = Duration.ofHours(Long.parseLong(text.substring(offset + 1, offset + 3)))
                .plusMinutes(Long.parseLong(text.substring(offset + 4)));
        Instant local = Instant.parse(text.substring(0, offset) + "Z");
        return text.charAt(offset) == '+' ? local.minus(east) : local.plus(east);
    }

    private static Map<String, Map<String, String>> structuredData(Decoded decoded) {
        Map<String, Map<String, String>> elements = new TreeMap<>();
        for (Decoded.Element element : decoded.elements()) {
            Map<String, String> parameters = elements.computeIfAbsent(element.domain(), domain -> new TreeMap<>());
            element.parameters().forEach(p -> parameters.put(p.key(), p.value()));
        }
        return elements;
    }
}
