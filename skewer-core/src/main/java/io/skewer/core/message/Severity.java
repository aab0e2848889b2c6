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

    private Severity() {}

    public static String name(int severity) {
        return NAMES.get(severity);
    }

    /** The name as ASCII; not to be written to. */
    public static byte[] nameBytes(int severity) {
        return LOOKUP.bytes(severity);
    }

    /** @return the severity called so, without regard to case, or -1 */
    public static int byName(byte[] text, int offset, int length) {
        return LOOKUP.find(text, offset, length);
    }

    /** @return the severity called so, without regard to case, or -1 */
    public static int byName(String name) {
        byte[] text = name.getBytes(StandardCharsets.ISO_8859_1);
        return byName(text, 0, text.length);
    }
}
