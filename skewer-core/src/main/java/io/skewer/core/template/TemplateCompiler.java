package io.skewer.core.template;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Reads the text of a template, once. */
final class TemplateCompiler {
    private static final String OPEN = "{{";
    private static final String CLOSE = "}}";
    private static final String GET_PROPERTY = "GetProperty";
    private static final int MAX_CHARS = 4096;

    private final String text;
    private final List<Part> parts = new ArrayList<>();
    private final List<Boolean> isText = new ArrayList<>();
    private int at;

    TemplateCompiler(String text) {
        this.text = text;
    }

    Template compile() throws TemplateSyntax {
        if (text.length() > MAX_CHARS) {
            throw wrong(MAX_CHARS, "longer than " + MAX_CHARS + " characters");
        }
        while (at < text.length()) {
            int open = text.indexOf(OPEN, at);
            int end = open < 0 ? text.length() : open;
            addText(text.substring(at, end));
            at = end;
            if (open >= 0) {
                at += OPEN.length();
                addAction();
            }
        }
        boolean[] kinds = new boolean[isText.size()];
        for (int i = 0; i < kinds.length; i++) {
            kinds[i] = isText.get(i);
        }
        return new Template(text, parts.toArray(Part[]::new), kinds);
    }

    private void addText(String literal) {
        if (!literal.isEmpty()) {
            byte[] bytes = literal.getBytes(StandardCharsets.UTF_8);
            parts.add((record, out) -> out.add(bytes));
            isText.add(true);
        }
    }

    /** {@code .Name}, or {@code .GetProperty "domain" "key"}, up to the closing braces. */
    private void addAction() throws TemplateSyntax {
        skipBlanks();
        int start = at;
        if (!take('.')) {
            throw wrong(start, "expected a field such as .AppName; functions, conditions and pipes are not supported");
        }
        String name = takeName();
        if (name.equals(GET_PROPERTY)) {
            parts.add(Fields.property(takeQuoted(), takeQuoted()));
        } else {
            Part field = Fields.named(name);
            if (field == null) {
                throw wrong(start, "no field ." + name + ", " + Fields.advice(name));
            }
            parts.add(field);
        }
        isText.add(false);
        skipBlanks();
        if (!text.startsWith(CLOSE, at)) {
            throw wrong(at, "expected " + CLOSE);
        }
        at += CLOSE.length();
    }

    private String takeName() {
        int start = at;
        while (at < text.length() && Character.isLetterOrDigit(text.charAt(at))) {
            at++;
        }
        return text.substring(start, at);
    }

    /** A Go string: between quotes, with {@code \"} and {@code \\}; or between back quotes, as it is. */
    private byte[] takeQuoted() throws TemplateSyntax {
        skipBlanks();
        int start = at;
        boolean isRaw = at < text.length() && text.charAt(at) == '`';
        char quote = isRaw ? '`' : '"';
        if (!take(quote)) {
            throw wrong(at, GET_PROPERTY + " wants two quoted names: " + GET_PROPERTY + " \"domain\" \"key\"");
        }
        StringBuilder value = new StringBuilder();
        while (!take(quote)) {
            if (at >= text.length()) {
                throw wrong(start, "this string does not end");
            }
            char c = text.charAt(at++);
            if (c == '\\' && !isRaw) {
                if (at >= text.length() || (text.charAt(at) != '"' && text.charAt(at) != '\\')) {
                    throw wrong(at - 1, "only \\\" and \\\\ may follow a backslash");
                }
                c = text.charAt(at++);
            }
            value.append(c);
        }
        return value.toString().getBytes(StandardCharsets.UTF_8);
    }

    private void skipBlanks() {
        while (at < text.length() && (text.charAt(at) == ' ' || text.charAt(at) == '\t')) {
            at++;
        }
    }

    private boolean take(char wanted) {
        if (at < text.length() && text.charAt(at) == wanted) {
            at++;
            return true;
        }
        return false;
    }

    private TemplateSyntax wrong(int position, String reason) {
        return new TemplateSyntax(text, position, reason);
    }
}
