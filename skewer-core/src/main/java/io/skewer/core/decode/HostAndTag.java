package io.skewer.core.decode;

/**
 * Finds host, tag and process id in what follows an RFC 3164 time stamp. Nothing marks a missing host or tag, so this is where
 * the format has to be guessed at, and the rules stand here once:
 *
 * <ol>
 *   <li>A <b>tag</b> is a word that ends in {@code :} before a blank or {@code [}, or one with {@code [pid]} that ends in
 *       {@code :}, a blank or nothing. A word without either is text, not a tag: {@code ABC-1 Some message here}.
 *   <li>The first word is the <b>host</b> when it is an IPv6 address, or when it is no tag, looks like a name or an address, and
 *       something follows it. So {@code su[123]: text} and {@code one} have no host.
 *   <li>{@code name: %CODE} is Cisco's: the name is the host, the code the tag.
 *   <li>{@code last message repeated 3 times} has neither; {@code Message forwarded from NAME:} names the host (AIX).
 * </ol>
 *
 * <p>Belongs to one thread; the results are valid until the next call.
 */
final class HostAndTag {
    /** RFC 5424 section 6.2.4. */
    private static final int HOST_MAX_BYTES = 255;
    /** RFC 3164 section 4.1.3 says 32; systemd units and Java classes are longer. */
    private static final int TAG_MAX_BYTES = 255;

    private static final byte[] REPEATED = Scan.ascii("last message repeated ");
    private static final byte[] FORWARDED = Scan.ascii("Message forwarded from ");

    private byte[] bytes = new byte[0];
    private int limit;

    int hostStart;
    int hostEnd;
    int appStart;
    int appEnd;
    int pidStart;
    int pidEnd;
    int textStart;
    boolean deviates;

    private void start(byte[] source, int end) {
        bytes = source;
        limit = end;
        hostStart = 0;
        hostEnd = 0;
        forgetTag();
        deviates = false;
    }

    private void forgetTag() {
        appStart = 0;
        appEnd = 0;
        pidStart = 0;
        pidEnd = 0;
    }

    /** Reads host and tag behind a time stamp. */
    void read(byte[] source, int at, int end) {
        start(source, end);
        if (Scan.startsWith(bytes, at, limit, REPEATED)) {
            textStart = at;
            return;
        }
        int afterHost = host(at);
        if (afterHost == at && appEnd > 0) {
            skipBlanks(textStart);
        } else {
            readTagAt(afterHost);
        }
    }

    /** Reads a tag where there can be no host. */
    void readTag(byte[] source, int at, int end) {
        start(source, end);
        readTagAt(at);
    }

    private void readTagAt(int from) {
        int at = from;
        // ASA: "fw01 : %ASA-3-106010: text"; IOS XR: "18:46:11.123 : ifmgr[123]: text"
        if (limit - at > 2 && bytes[at] == ':' && bytes[at + 1] == ' ') {
            deviates = true;
            at = Scan.skipBlanks(bytes, at + 1, limit);
        }
        if (!Scan.startsWith(bytes, at, limit, REPEATED) && tag(at)) {
            skipBlanks(textStart);
        } else {
            textStart = at;
        }
    }

    /** @return behind the host and its blanks; {@code at} when there is none: then the tag may have been found instead */
    private int host(int at) {
        if (Scan.startsWith(bytes, at, limit, FORWARDED)) {
            int name = at + FORWARDED.length;
            int colon = Scan.wordEnd(bytes, name, limit) - 1;
            if (colon > name && bytes[colon] == ':') {
                deviates = true;
                return hostFound(name, colon, colon + 1);
            }
        }
        int end = Scan.wordEnd(bytes, at, limit);
        int colonless = end > at && bytes[end - 1] == ':' ? end - 1 : end;
        if (end - at <= HOST_MAX_BYTES && isIpv6(at, colonless)) {
            deviates |= colonless != end;
            return hostFound(at, colonless, end);
        }
        if (tag(at)) {
            boolean code =
                    pidEnd == 0 && limit - textStart > 2 && bytes[textStart] == ' ' && bytes[textStart + 1] == '%';
            if (!code || !isHost(appStart, appEnd)) {
                return at;
            }
            int nameEnd = appEnd;
            int after = textStart;
            forgetTag();
            deviates = true;
            return hostFound(at, nameEnd, after);
        }
        if (end < limit && Scan.isBlank(bytes[end]) && isHost(at, end)) {
            return hostFound(at, end, end);
        }
        return at;
    }

    private int hostFound(int nameStart, int nameEnd, int end) {
        hostStart = nameStart;
        hostEnd = nameEnd;
        int after = Scan.skipBlanks(bytes, end, limit);
        deviates |= after - end > 1;
        return after;
    }

    private void skipBlanks(int at) {
        textStart = Scan.skipBlanks(bytes, at, limit);
        deviates |= textStart - at > 1;
    }

    private boolean isHost(int start, int end) {
        if (end == start || end - start > HOST_MAX_BYTES || bytes[end - 1] == ':') {
            return false;
        }
        byte first = bytes[start];
        if (!Scan.isLetterOrDigit(first) && first > 0 && first != '_') {
            return false;
        }
        for (int i = start; i < end; i++) {
            byte c = bytes[i];
            boolean usual = Scan.isLetterOrDigit(c) || c < 0 || c == '.' || c == '-' || c == '_' || c == ':';
            if (!usual && c != '/' && c != '+' && c != '@' && c != '%') {
                return false;
            }
        }
        return true;
    }

    private boolean isIpv6(int start, int end) {
        int colons = 0;
        for (int i = start; i < end; i++) {
            byte c = bytes[i];
            if (c == ':') {
                colons++;
            } else if (c == '%' && colons >= 2) {
                return true;
            } else if (c != '.' && !Scan.isDigit(c) && ((c | 0x20) < 'a' || (c | 0x20) > 'f')) {
                return false;
            }
        }
        return colons >= 2;
    }

    /** Whether there is a tag at {@code at}; then its parts are known and {@link #textStart} is behind it. */
    private boolean tag(int at) {
        forgetTag();
        int last = Math.min(limit, at + TAG_MAX_BYTES);
        for (int i = at; i < last; i++) {
            byte c = bytes[i];
            if (c == '[') {
                return i > at && process(at, i);
            }
            if (c == ':' && i > at && (i + 1 == limit || Scan.isBlank(bytes[i + 1]) || bytes[i + 1] == '[')) {
                return tagFound(at, i, i + 1);
            }
            if ((c >= 0 && c <= ' ') || c == '"' || c == '=' || c == '<' || c == '{' || c == 0x7F) {
                return false;
            }
        }
        return false;
    }

    private boolean process(int at, int bracket) {
        int end = Scan.wordEnd(bytes, bracket, limit);
        int close = bracket + 1;
        while (close < end && bytes[close] != ']') {
            close++;
        }
        if (close - bracket > TAG_MAX_BYTES) {
            return false;
        }
        if (close == end) {
            // "app[123: text", the bracket cut off
            if (bytes[end - 1] != ':' || end - 1 == bracket) {
                return false;
            }
            deviates = true;
            pidStart = bracket + 1;
            pidEnd = end - 1;
            return tagFound(at, bracket, end);
        }
        int after = close + 1;
        if (after < limit && bytes[after] == ':') {
            after++;
        } else if (after < limit && !Scan.isBlank(bytes[after])) {
            return false;
        }
        deviates |= close == bracket + 1;
        pidStart = bracket + 1;
        pidEnd = close;
        return tagFound(at, bracket, after);
    }

    private boolean tagFound(int start, int end, int after) {
        appStart = start;
        appEnd = end;
        textStart = after;
        return true;
    }
}
