package io.skewer.core.config;

import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.Optional;

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
        boolean keepRaw) {

    /** The character set of that name; dashes, underscores and case do not matter. */
    public static Optional<Charset> charsetNamed(String name) {
        String plain = name.strip().toLowerCase(Locale.ROOT).replace("-", "").replace("_", "");
        try {
            return switch (plain) {
                case "utf8" -> Optional.of(StandardCharsets.UTF_8);
                case "latin1", "iso88591" -> Optional.of(StandardCharsets.ISO_8859_1);
                case "latin15", "latin9", "iso885915" -> Optional.of(Charset.forName("ISO-8859-15"));
                case "windows1252" -> Optional.of(Charset.forName("windows-1252"));
                default -> Optional.of(Charset.forName(name.strip()));
            };
        } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
            return Optional.empty();
        }
    }

    /** The time zone of that name. */
    public static Optional<ZoneId> zoneNamed(String name) {
        if (name.equals("UTC")) {
            return Optional.of(ZoneOffset.UTC); // without loading the table of zones
        }
        try {
            return Optional.of(ZoneId.of(name));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }
}
