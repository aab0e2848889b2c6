package io.skewer.core.message;

import java.nio.charset.StandardCharsets;
import java.util.List;

/** The 24 facilities of RFC 5424 section 6.2.1, under the names that the predecessor printed. */
public final class Facility {
    public static final int KERN = 0;
    public static final int USER = 1;
    public static final int SYSLOG = 5;
    public static final int MAX = 23;

    private static final List<String> NAMES = List.of(
            "kern",
            "user",
            "mail",
            "daemon",
            "auth",
            "syslog",
            "lpr",
            "news",
            "uucp",
            "clock",
            "authpriv",
            "ftp",
            "ntp",
            "logaudit",
            "logalert",
            "cron",
            "local0",
            "local1",
            "local2",
            "local3",
            "local4",
            "local5",
            "local6",
            "local7");
    private static final Names LOOKUP = new Names(NAMES);

    private Facility() {}

    public static String name(int facility) {
        return NAMES.get(facility);
    }

    /** The name as ASCII; not to be written to. */
    public static byte[] nameBytes(int facility) {
        return LOOKUP.bytes(facility);
    }

    /** @return the facility called so, without regard to case, or -1 */
    public static int byName(byte[] text, int offset, int length) {
        return LOOKUP.find(text, offset, length);
    }

    /** @return the facility called so, without regard to case, or -1 */
    public static int byName(String name) {
        byte[] text = name.getBytes(StandardCharsets.ISO_8859_1);
        return byName(text, 0, text.length);
    }
}
