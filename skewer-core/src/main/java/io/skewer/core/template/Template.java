package io.skewer.core.template;

import io.skewer.core.message.ByteBuilder;
import io.skewer.core.message.RecordView;

/**
 * Text with fields of a message in it: the part of the predecessor's (Go's) template language that names need.
 *
 * <p>{@code {{.AppName}}}, {@code HostName}, {@code ProcId}, {@code MsgId}, {@code Message}, {@code Facility} and {@code Severity} (names),
 * {@code Priority}, {@code Version}, {@code Date} ({@code 2018-06-10}) and {@code Hour} ({@code 09}) of the reported time in UTC,
 * {@code TimeReportedNum} and {@code TimeGeneratedNum} (nanoseconds), and {@code {{.GetProperty "domain" "key"}}}. The spellings of the
 * scripts ({@code Appname}, {@code Hostname}...) are understood too. Everything else is refused when the template is compiled.
 *
 * <p>Rendering makes no objects. An instance has scratch space and belongs to one thread.
 */
public final class Template {
    private final String text;
    private final Part[] parts;
    private final boolean[] isText;

    Template(String text, Part[] parts, boolean[] isText) {
        this.text = text;
        this.parts = parts;
        this.isText = isText;
    }

    /** @throws TemplateSyntax saying what is wrong, where, and what was perhaps meant */
    public static Template compile(String text) throws TemplateSyntax {
        return new TemplateCompiler(text).compile();
    }

    /** Adds the text for this record to {@code out}. */
    public void render(RecordView record, ByteBuilder out) {
        for (Part part : parts) {
            part.render(record, out);
        }
    }

    /** As {@link #render(RecordView, ByteBuilder)}; each value that came from the message is cleaned after it was added. */
    public void render(RecordView record, ByteBuilder out, Cleaning cleaning) {
        for (int i = 0; i < parts.length; i++) {
            int start = out.length();
            parts[i].render(record, out);
            if (!isText[i]) {
                cleaning.clean(out, start);
            }
        }
    }

    /** What was compiled. */
    @Override
    public String toString() {
        return text;
    }

    /** Makes a value harmless for where it will stand. */
    @FunctionalInterface
    public interface Cleaning {
        /** Changes the bytes from {@code start} to the end of {@code out}. */
        void clean(ByteBuilder out, int start);
    }
}
