package io.skewer.core.message;

import java.nio.charset.StandardCharsets;
import java.util.List;

/** The eight severities of RFC 5424 section 6.2.1, under the names that the predecessor printed. */
public final class Severity {
    public static final int EMERG = 0;
    public static final int NOTICE = 5;
    public static final int INFO = 6;
    public static final int MAX = 7;

    private static final List<String> NAMES =
            List.of("emerg", "alert", "crit", "err", "warning", "notice", "info", "debug");
    private static final Names LOOKUP = new Names(NAMES);
    /** What other programs call them, by severity. */
    private static final List<Names> ALIASES = List.of(
            new Names(List.of("emergency", "panic")),
            new Names(List.of()),
            new Names(List.of("critical")),
            new Names(List.of("error")),
            new Names(List.of("warn")),
            new Names(List.of()),
            new Names(List.of("informational", "information")),
            new Names(List.of()));

    private Severity() {}

    public static String name(int severity) {
        return NAMES.get(severity);
    }

    /** The name as ASCII; not to be written to. */
    public static byte[] nameBytes(int severity) {
        return LOOKUP.bytes(severity);
    }

    /** @return the severity called so or by a usual other name, without regard to case, or -1 */
    public static int byName(byte[] text, int offset, int length) {
        int severity = LOOKUP.find(text, offset, length);
        for (int i = 0; severity < 0 && i <= MAX; i++) {
            severity = ALIASES.get(i).find(text, offset, length) >= 0 ? i : -1;
        }
        return severity;
    }

    /** @return the severity called so, without regard to case, or -1 */
    public static int byName(String name) {
        byte[] text = name.getBytes(StandardCharsets.ISO_8859_1);
        return byName(text, 0, text.length);
    }
}
