package io.skewer.core.template;

/** A template that cannot be understood: what is wrong and where. */
public final class TemplateSyntax extends Exception {
    private static final long serialVersionUID = 1;

    private final int position;

    TemplateSyntax(String template, int position, String reason) {
        super("template \"" + template + "\", character " + (position + 1) + ": " + reason);
        this.position = position;
    }

    /** The character at fault, from 0. */
    public int position() {
        return position;
    }
}
