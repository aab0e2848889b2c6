package io.skewer.core.config;

/** The decoder group of keys. */
public record Decoding(
        @Setting(
                value = "\"auto\"",
                oneOf = {"auto", "rfc5424", "rfc3164", "json"},
                about = "Format of the messages; auto recognises it for each message.")
        String format,

        @Setting(
                value = "\"utf8\"",
                about = "Character set of the messages: utf8, latin1, or any name that Java knows.")
        String charset,

        @Setting(
                value = "\"UTC\"",
                about = "Time zone of RFC 3164 time stamps, which do not name theirs: UTC, Europe/Paris, +02:00.")
        String timeZone,

        @Setting(value = "false", about = "Keep the bytes as they came beside the parsed fields.")
        boolean keepRaw) {}
