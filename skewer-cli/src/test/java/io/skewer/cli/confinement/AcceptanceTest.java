package io.skewer.cli.confinement;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Where each probe of the acceptance suite is proven stands in {@code acceptance.tsv}: complete, and of things that exist. */
class AcceptanceTest {
    private static final int PROBES = 72;
    private static final int GATES = 4;

    private static List<String[]> table(String name) throws IOException {
        try (InputStream in = requireNonNull(AcceptanceTest.class.getResourceAsStream(name))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(line -> line.split("\t", -1))
                    .toList();
        }
    }

    private static Map<String, String> testSources() throws IOException {
        Map<String, String> sources = new TreeMap<>();
        try (Stream<Path> modules = Files.list(Path.of(".."))) {
            for (Path tests : modules.map(module -> module.resolve("src/test/java"))
                    .filter(Files::isDirectory)
                    .toList()) {
                try (Stream<Path> files = Files.walk(tests)) {
                    for (Path file : files.filter(name -> name.toString().endsWith(".java"))
                            .toList()) {
                        sources.put(file.getFileName().toString().replace(".java", ""), Files.readString(file));
                    }
                }
            }
        }
        return sources;
    }

    @Test
    void everyProbeAndGateStandsInTheTableOnce() throws IOException {
        List<String> expected = Stream.concat(
                        IntStream.rangeClosed(1, PROBES).mapToObj(id -> String.format(Locale.ROOT, "S%02d", id)),
                        IntStream.rangeClosed(1, GATES).mapToObj(id -> "G" + id))
                .toList();
        assertThat(table("acceptance.tsv")).extracting(cells -> cells[0]).containsExactlyElementsOf(expected);
    }

    @Test
    void whatTheTableNamesExists() throws IOException {
        List<String> probes =
                table("probes.tsv").stream().map(cells -> cells[0]).toList();
        Map<String, String> sources = testSources();
        for (String[] cells : table("acceptance.tsv")) {
            assertThat(cells.length).as(cells[0]).isGreaterThan(1);
            for (String place : List.of(cells).subList(1, cells.length)) {
                if (place.equals("probes")) {
                    assertThat(probes).as(cells[0]).anyMatch(id -> id.matches(cells[0] + "[a-z]?"));
                } else if (!place.startsWith("not: ")) {
                    String[] words = place.split("\\.", 2);
                    assertThat(sources).containsKey(words[0]);
                    assertThat(sources.get(words[0])).as(place).contains(" void " + words[1] + "(");
                }
            }
        }
    }

    @Test
    void everyProbeOfTheTableOfProbesBelongsToTheSuite() throws IOException {
        List<String> proven = table("acceptance.tsv").stream()
                .filter(cells -> List.of(cells).contains("probes"))
                .map(cells -> cells[0])
                .toList();
        for (String[] probe : table("probes.tsv")) {
            assertThat(probe).hasSize(6);
            assertThat(proven).contains(probe[0].substring(0, 3));
        }
    }
}
