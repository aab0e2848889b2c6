package io.skewer.core.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The files that operators read say what the code does. */
class DocumentationTest {
    private static final Path ROOT =
            Path.of("").toAbsolutePath().getFileName().toString().startsWith("skewer-") ? Path.of("..") : Path.of("");

    private static final List<Class<?>> GROUPS =
            List.of(Listening.class, Connections.class, Decoding.class, Routing.class);

    private final ConfigReader reader = new ConfigReader();

    /** The rows of the table of a section or group, in Markdown. */
    static List<String> rows(Class<?> type) {
        return new Shape(type)
                .components().stream()
                        .filter(key -> !key.isFlattened())
                        .map(key -> {
                            Setting setting = Objects.requireNonNull(key.setting(), key.name());
                            return "| `" + key.name() + "` | `"
                                    + setting.value().replace("|", "\\|") + "` | "
                                    + ConfigWriter.about(setting).replace("|", "\\|") + " |";
                        })
                        .toList();
    }

    private static Set<Class<?>> tables() {
        Set<Class<?>> tables = new LinkedHashSet<>(GROUPS);
        new Shape(SkewerConfig.class).components().forEach(key -> tables.add(key.kind()));
        return tables;
    }

    @Test
    void everyKeyStandsInTheDocumentationWithItsDefaultAndMeaning() throws IOException {
        String text = Files.readString(ROOT.resolve("docs/configuration.md"));
        for (Class<?> table : tables()) {
            assertThat(text).contains(String.join("\n", rows(table)));
        }
        for (Shape.Key section : new Shape(SkewerConfig.class).components()) {
            assertThat(text)
                    .contains(section.isList() ? "## `[[" + section.name() + "]]`" : "## `[" + section.name() + "]`");
        }
    }

    @Test
    void theExampleLoads() throws Exception {
        SkewerConfig config = reader.read(Files.readString(ROOT.resolve("skewer.example.toml")), "skewer.example.toml");
        assertThat(config.tcpSource()).isNotEmpty();
        assertThat(config.udpSource()).isNotEmpty();
        assertThat(config.relpSource()).isNotEmpty();
        assertThat(config.main().destinations()).contains("kafka");
    }

    @Test
    void theExampleMentionsEveryKeyOfEverySection() throws IOException {
        String text = Files.readString(ROOT.resolve("skewer.example.toml"));
        for (Shape.Key section : new Shape(SkewerConfig.class).components()) {
            String header = section.isList() ? "[[" + section.name() + "]]" : "[" + section.name() + "]";
            int start = text.indexOf("\n" + header + "\n");
            assertThat(start).as(header).isNotNegative();
            int end = text.indexOf("\n[", start + header.length());
            String body = text.substring(start, end < 0 ? text.length() : end);
            for (String key : new Shape(section.kind()).flatNames()) {
                assertThat(body.lines()
                                .filter(line -> line.startsWith(key + " = ") || line.startsWith("# " + key + " = ")))
                        .as(header + " " + key)
                        .isNotEmpty();
            }
        }
    }

    @Test
    void everyKeyOfTheEarlierProgramIsThereWithItsDefaultOrItsChangeIsDocumented() throws IOException {
        String text = Files.readString(ROOT.resolve("docs/configuration.md"));
        String changes = text.substring(text.indexOf("## Where the defaults differ"));
        int gone = changes.indexOf("\nGone, ");
        for (String line : earlierDefaults()) {
            String[] cells = line.split("\t", -1);
            Optional<String> value = defaultOf(cells[0], cells[1]);
            if (value.isEmpty()) {
                assertThat(changes.substring(gone))
                        .as("gone or not yet there: " + line)
                        .contains(cells[1] + "`");
            } else if (!value.get().equals(cells[2])) {
                assertThat(changes.substring(0, gone))
                        .as("another default: " + line)
                        .contains("`" + cells[1] + "`");
            }
        }
    }

    private static List<String> earlierDefaults() throws IOException {
        try (InputStream in = DocumentationTest.class.getResourceAsStream("/config/earlier-defaults.tsv")) {
            return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .toList();
        }
    }

    private static Optional<String> defaultOf(String section, String key) {
        return new Shape(SkewerConfig.class)
                .components().stream()
                        .filter(one -> one.name().equals(section))
                        .flatMap(one -> new Shape(one.kind()).flatKeys().stream())
                        .filter(one -> one.name().equals(key))
                        .map(one -> Objects.requireNonNull(one.setting(), key).value())
                        .findFirst();
    }

    /** Prints the tables for {@code docs/configuration.md}. */
    public static void main(String[] args) {
        for (Class<?> table : tables()) {
            System.out.println("## " + table.getSimpleName() + "\n\n| key | default | meaning |\n| --- | --- | --- |");
            rows(table).forEach(System.out::println);
            System.out.println();
        }
    }
}
