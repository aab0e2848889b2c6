package io.skewer.core.encode;

import java.util.List;

/** The encoders by the names that the configuration uses. */
public final class Encoders {
    /** All formats. */
    public static final List<String> FORMATS = List.of("json", "fulljson", "rfc5424", "rfc3164", "file");

    private Encoders() {}

    /**
     * An encoder for destinations that carry the length of a message, such as Kafka: line feeds stay what they are.
     *
     * @param addMissingMsgid render the id of the message where it has no MSGID (formats that have one)
     * @throws IllegalArgumentException for an unknown format
     */
    public static Encoder of(String format, boolean addMissingMsgid) {
        return of(format, addMissingMsgid, false);
    }

    /**
     * An encoder for destinations where a message is a line, such as files: control characters in messages are written {@code #012}.
     *
     * @throws IllegalArgumentException for an unknown format
     */
    public static Encoder ofLines(String format, boolean addMissingMsgid) {
        return of(format, addMissingMsgid, true);
    }

    private static Encoder of(String format, boolean addMissingMsgid, boolean singleLine) {
        return switch (format) {
            case "json" -> new JsonEncoder(addMissingMsgid);
            case "fulljson" -> new FullJsonEncoder(addMissingMsgid);
            case "rfc5424" -> new Rfc5424Encoder(addMissingMsgid, singleLine);
            case "rfc3164" -> new Rfc3164Encoder(singleLine);
            case "file" -> new FileEncoder(singleLine);
            default -> throw new IllegalArgumentException("no format " + format);
        };
    }
}
