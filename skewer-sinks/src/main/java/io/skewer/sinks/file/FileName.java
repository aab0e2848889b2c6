package io.skewer.sinks.file;

import io.skewer.core.message.ByteBuilder;
import io.skewer.core.message.RecordView;
import io.skewer.core.template.Template;
import io.skewer.core.template.TemplateSyntax;
import java.nio.file.Path;

/**
 * The name of the file for a message, which no message can lead out of the base directory: the part of the template before the first
 * field, up to its last slash.
 *
 * <p>Values are cleaned, not refused: slashes, dots at their beginning, and whatever is not visible ASCII become {@code _} (a JVM whose
 * locale is {@code C} cannot name files otherwise), an empty value becomes {@code unknown}, and more than {@value #VALUE_MAX_BYTES} bytes are
 * cut. A part of the path that is longer than {@value #COMPONENT_MAX_BYTES} bytes, from several values, is cut too. So different
 * messages may share a file, but the number of directories is fixed by the template. Belongs to one thread.
 */
public final class FileName {
    static final int VALUE_MAX_BYTES = 200;
    /** Linux allows 255; room for {@code .gz} and what a rotation appends. */
    static final int COMPONENT_MAX_BYTES = 230;

    private static final String UNKNOWN = "unknown";

    private final Path base;
    private final Template relative;

    private FileName(Path base, Template relative) {
        this.base = base;
        this.relative = relative;
    }

    /**
     * @throws TemplateSyntax when it is no template
     * @throws IllegalArgumentException when it is not absolute, names no file, or has {@code .} or {@code ..} in it
     */
    public static FileName compile(String template) throws TemplateSyntax {
        Template.compile(template);
        int field = template.indexOf("{{");
        int slash = template.lastIndexOf('/', field < 0 ? template.length() : field);
        if (!template.startsWith("/")) {
            throw new IllegalArgumentException("file name template must start with /: " + template);
        }
        if (template.endsWith("/")) {
            throw new IllegalArgumentException("file name template names a directory: " + template);
        }
        for (String component : template.split("/", -1)) {
            if (component.equals(".") || component.equals("..")) {
                throw new IllegalArgumentException(
                        "file name template must not contain " + component + ": " + template);
            }
        }
        return new FileName(Path.of(template.substring(0, slash + 1)), Template.compile(template.substring(slash + 1)));
    }

    /** The directory that no message can leave. */
    public Path base() {
        return base;
    }

    /** Adds the name for this record, relative to {@link #base()}. */
    void render(RecordView record, ByteBuilder out) {
        int start = out.length();
        relative.render(record, out, FileName::clean);
        cutComponents(out, start);
    }

    private static void clean(ByteBuilder out, int start) {
        if (out.length() == start) {
            out.add(UNKNOWN);
            return;
        }
        out.truncate(Math.min(out.length(), start + VALUE_MAX_BYTES));
        byte[] bytes = out.array();
        boolean leading = true;
        for (int i = start; i < out.length(); i++) {
            byte c = bytes[i];
            leading &= c == '.';
            if (leading || c <= ' ' || c == 0x7F || c == '/') {
                bytes[i] = '_';
            }
        }
    }

    private static void cutComponents(ByteBuilder out, int start) {
        byte[] bytes = out.array();
        int to = start;
        int inComponent = 0;
        for (int from = start; from < out.length(); from++) {
            inComponent = bytes[from] == '/' ? 0 : inComponent + 1;
            if (inComponent <= COMPONENT_MAX_BYTES) {
                bytes[to++] = bytes[from];
            }
        }
        out.truncate(to);
    }
}
