package io.skewer.core.config;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Writes a configuration as TOML, complete and with the meaning of each key. What it writes can be read again. */
public final class ConfigWriter {
    /** Whether secrets are written. */
    public enum Secrets {
        SHOWN,
        /** Replaced by a comment, so that the text still loads. */
        REDACTED
    }

    private static final int COMMENT_WIDTH = 96;

    private final StringBuilder out = new StringBuilder();
    private final Secrets secrets;

    private ConfigWriter(Secrets secrets) {
        this.secrets = secrets;
    }

    /** The text of a whole {@code skewer.toml}. */
    public static String write(SkewerConfig config, Secrets secrets) {
        ConfigWriter writer = new ConfigWriter(secrets);
        for (Shape.Key key : new Shape(SkewerConfig.class).components()) {
            if (!key.isList()) {
                writer.section("[" + key.name() + "]", (Record) key.valueIn(config), "");
                continue;
            }
            List<?> sections = (List<?>) key.valueIn(config);
            sections.forEach(section -> writer.section("[[" + key.name() + "]]", (Record) section, ""));
            if (sections.isEmpty()) {
                writer.out.append("# None yet; may stand several times:\n");
                Record standard = new Binder(new Problems(), GoneKeys.NONE).bind(key.kind(), Map.of(), Place.ROOT);
                writer.section("# [[" + key.name() + "]]", standard, "# ");
            }
        }
        return writer.out.toString();
    }

    private void section(String header, Record section, String prefix) {
        out.append(header).append('\n');
        keys(section, prefix);
        out.append('\n');
    }

    private void keys(Record section, String prefix) {
        for (Shape.Key key : new Shape(section.getClass()).components()) {
            Object value = key.valueIn(section);
            if (key.isFlattened()) {
                keys((Record) value, prefix);
                continue;
            }
            Setting setting = key.setting();
            if (setting == null) {
                throw new IllegalStateException(key.name() + " has no setting");
            }
            comment(about(setting), prefix);
            boolean hidden =
                    setting.secret() && secrets == Secrets.REDACTED && !value.equals("") && !value.equals(List.of());
            out.append(prefix)
                    .append(
                            hidden
                                    ? "# " + key.name() + " = \"(set, not shown)\""
                                    : key.name() + " = " + text(setting, value))
                    .append('\n');
        }
    }

    /** The meaning with the words that are allowed. */
    static String about(Setting setting) {
        return setting.oneOf().length == 0
                ? setting.about()
                : setting.about() + " One of " + String.join(", ", setting.oneOf()) + ".";
    }

    /** A value in TOML; one that equals its default, in the way that the default is written. */
    private static String text(Setting setting, Object value) {
        if (!(value instanceof Duration duration)) {
            return Literal.write(Trees.plain(value));
        }
        boolean isDefault = Literal.parse(setting.value()) instanceof String text
                && Durations.parseNs(text).orElse(-1) == duration.toNanos();
        return isDefault ? setting.value() : Literal.write(Durations.text(duration));
    }

    private void comment(String sentence, String prefix) {
        int lineLength = COMMENT_WIDTH; // so that the first word begins a line
        for (String word : sentence.split(" ", -1)) {
            if (lineLength + 1 + word.length() > COMMENT_WIDTH) {
                out.append(out.isEmpty() || out.charAt(out.length() - 1) == (char) 10 ? "" : "\n")
                        .append(prefix)
                        .append('#');
                lineLength = 0;
            }
            out.append(' ').append(word);
            lineLength += 1 + word.length();
        }
        out.append('\n');
    }
}
