package io.skewer.core.config;

import io.skewer.core.fault.FaultText;
import io.skewer.core.template.Template;
import io.skewer.core.template.TemplateSyntax;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * Reads {@code skewer.toml}. It is used whole or not at all: every mistake is refused, and all of them are said at once. Has no
 * state; safe for use by several threads.
 */
public final class ConfigReader {
    /** The file in the directory of the configuration. */
    public static final String FILE_NAME = "skewer.toml";

    /** Far more than a file with a thousand sources. */
    static final int MAX_FILE_BYTES = 1 << 20;

    private final ValueCheck templates;

    public ConfigReader() {
        this(ConfigReader::templateProblem);
    }

    /** @param templates says what is wrong with a template of a topic, a key or a file name */
    ConfigReader(ValueCheck templates) {
        this.templates = templates;
    }

    private static Optional<String> templateProblem(String value) {
        try {
            Template.compile(value);
            return Optional.empty();
        } catch (TemplateSyntax e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    /**
     * The configuration in that directory.
     *
     * @throws InvalidConfig also when there is no file or it cannot be read
     */
    public SkewerConfig read(Path directory) throws InvalidConfig {
        if (Files.isRegularFile(directory)) {
            throw new InvalidConfig(
                    directory.toString(), "is a file; --config names the directory in which " + FILE_NAME + " is");
        }
        Path path = directory.resolve(FILE_NAME);
        String file = path.toString();
        try {
            return read(text(path), file);
        } catch (NoSuchFileException e) {
            throw new InvalidConfig(
                    file,
                    "there is no such file; --config names another directory, and one is made with: skewer default-config > "
                            + file);
        } catch (CharacterCodingException e) {
            throw new InvalidConfig(file, "is not UTF-8 text");
        } catch (AccessDeniedException e) {
            throw new InvalidConfig(
                    file,
                    "permission denied; it has the secret of the store, so give it to the group that reads it: chown root:skewer "
                            + file + "; chmod 0640 " + file);
        } catch (IOException e) {
            throw new InvalidConfig(file, "cannot be read: " + FaultText.reason(e));
        }
    }

    private static String text(Path path) throws IOException, InvalidConfig {
        byte[] bytes;
        try (InputStream in = Files.newInputStream(path)) {
            bytes = in.readNBytes(MAX_FILE_BYTES + 1);
        }
        if (bytes.length > MAX_FILE_BYTES) {
            throw new InvalidConfig(path.toString(), "has more than " + MAX_FILE_BYTES + " bytes");
        }
        return StandardCharsets.UTF_8
                .newDecoder()
                .decode(ByteBuffer.wrap(bytes))
                .toString();
    }

    /**
     * The configuration that the text describes.
     *
     * @param file its name for messages
     */
    public SkewerConfig read(String toml, String file) throws InvalidConfig {
        Map<String, Object> tree = TomlText.parse(toml, file);
        Problems problems = new Problems();
        SkewerConfig config =
                (SkewerConfig) new Binder(problems, GoneKeys.ofFiles()).bind(SkewerConfig.class, tree, Place.ROOT);
        new SectionRules(problems, templates).check(config);
        new SourceRules(problems, templates).check(config);
        if (!problems.isEmpty()) {
            throw new InvalidConfig(problems.of(file, new TomlLines(toml)::of));
        }
        return config;
    }

    /** The configuration of an empty file: all defaults and no source. */
    public static SkewerConfig defaults() {
        Problems problems = new Problems();
        return (SkewerConfig) new Binder(problems, GoneKeys.NONE).bind(SkewerConfig.class, Map.of(), Place.ROOT);
    }
}
