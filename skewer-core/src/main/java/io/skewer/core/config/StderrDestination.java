package io.skewer.core.config;

/** {@code [stderr_destination]}. */
public record StderrDestination(
        @Setting(
                value = "\"fulljson\"",
                oneOf = {"json", "fulljson", "rfc5424", "rfc3164", "file"},
                about = "Format of the lines.")
        String format) {}
