package io.skewer.cli.log;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.Consumer;

/** Wraps lines for {@code /dev/log}: RFC 3164 as the C library writes it, facility local0, tag skewer. */
public final class LocalSyslog {
    private static final int LOCAL0 = 16;

    /** What every syslog daemon takes in one datagram. */
    static final int MAX_DATAGRAM_BYTES = 8192;

    private static final DateTimeFormatter STAMP = DateTimeFormatter.ofPattern("LLL ppd HH:mm:ss", Locale.ENGLISH);

    private final Consumer<byte[]> socket;
    private final ZoneId zone;
    private final long pid;

    /** @param socket sends one datagram, does not block, and does not throw when nobody listens */
    public LocalSyslog(Consumer<byte[]> socket) {
        this(socket, ZoneId.systemDefault(), ProcessHandle.current().pid());
    }

    LocalSyslog(Consumer<byte[]> socket, ZoneId zone, long pid) {
        this.socket = socket;
        this.zone = zone;
        this.pid = pid;
    }

    void send(LogLevel level, long timeNs, String line) {
        int priority = LOCAL0 * 8 + level.syslogSeverity();
        String stamp = STAMP.format(
                Instant.ofEpochSecond(Math.floorDiv(timeNs, 1_000_000_000L)).atZone(zone));
        byte[] datagram =
                ("<" + priority + ">" + stamp + " skewer[" + pid + "]: " + line).getBytes(StandardCharsets.UTF_8);
        socket.accept(datagram.length <= MAX_DATAGRAM_BYTES ? datagram : Arrays.copyOf(datagram, MAX_DATAGRAM_BYTES));
    }
}
