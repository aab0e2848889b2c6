package io.skewer.core.decode;

import io.skewer.core.message.ByteBuilder;
import io.skewer.core.message.Field;
import io.skewer.core.message.ParseStatus;
import io.skewer.core.message.RecordWriter;

/**
 * RFC 5424, complete, and what senders make of it.
 *
 * <p>REPAIRED: blanks and line ends before the frame, several blanks between fields, no PRI before a VERSION and a time stamp, zeros
 * before a priority, names that are too long or not ASCII, missing or malformed structured data as {@link SdScanner} forgives it,
 * time stamps as {@link IsoStamp} forgives them, no VERSION (ESXi; the frame is then read as RFC 3164). PARTIAL: what comes before
 * the first field that is not understood is kept, the rest is the message. Without priority and time stamp: RAW.
 *
 * <p>A byte order mark before the message is taken off: it says UTF-8, and so do all records.
 */
final class Rfc5424Parser implements FrameParser {
    private static final Field[] NAMES = {Field.HOST, Field.APP, Field.PROCID, Field.MSGID};
    /** RFC 5424 section 6: lengths of HOSTNAME, APP-NAME, PROCID, MSGID. */
    private static final int[] NAME_MAX_BYTES = {255, 48, 128, 32};

    private final IsoStamp stamp;
    private final FrameParser rfc3164;
    private final SdScanner structuredData = new SdScanner();
    private boolean deviates;

    /** @param rfc3164 reads frames without VERSION */
    Rfc5424Parser(LocalZone zone, FrameParser rfc3164) {
        stamp = new IsoStamp(zone);
        this.rfc3164 = rfc3164;
    }

    @Override
    public ParseStatus parse(byte[] frame, int start, int end, RecordWriter record) {
        int at = Scan.skipSpace(frame, start, end);
        deviates = at != start;
        int priority = Scan.priority(frame, at, end);
        if (priority >= 0) {
            deviates |= Scan.hasLeadingZero(frame, at);
            record.priority((priority & 0xFF) >> 3, priority & 7);
            at += priority >> 8;
        } else if (at == end || !Scan.isDigit(frame[at])) {
            return ParseStatus.RAW;
        }
        int versionEnd = versionEnd(frame, at, end);
        if (versionEnd < 0) {
            return priority >= 0 ? withoutVersion(frame, start, end, record) : ParseStatus.RAW;
        }
        int stampAt = Scan.skipBlanks(frame, versionEnd, end);
        if (priority < 0) {
            deviates = true;
            if (!stamp.read(frame, stampAt, end)) {
                return ParseStatus.RAW;
            }
        }
        record.syslogVersion(Scan.number(frame, at, versionEnd));
        return stamp(frame, versionEnd, end, record);
    }

    /** Where a VERSION from 1 to 999 that a blank follows ends, or -1. */
    private static int versionEnd(byte[] frame, int at, int end) {
        int after = Scan.skipDigits(frame, at, Math.min(end, at + 3));
        boolean sound = after > at && frame[at] != '0' && after < end && Scan.isBlank(frame[after]);
        return sound ? after : -1;
    }

    private ParseStatus withoutVersion(byte[] frame, int start, int end, RecordWriter record) {
        ParseStatus status = rfc3164.parse(frame, start, end, record);
        return status == ParseStatus.OK ? ParseStatus.REPAIRED : status;
    }

    private ParseStatus stamp(byte[] frame, int blank, int end, RecordWriter record) {
        int at = gap(frame, blank, end);
        if (Scan.wordEnd(frame, at, end) == at + 1 && frame[at] == '-') {
            return names(frame, at + 1, end, record);
        }
        boolean understood = stamp.read(frame, at, end) && (stamp.end() == end || Scan.isBlank(frame[stamp.end()]));
        if (!understood) {
            record.put(Field.MESSAGE, frame, at, end - at);
            return ParseStatus.PARTIAL;
        }
        deviates |= stamp.deviates();
        record.reportedNs(stamp.epochNs());
        return names(frame, stamp.end(), end, record);
    }

    private ParseStatus names(byte[] frame, int blank, int end, RecordWriter record) {
        int before = blank;
        for (int i = 0; i < NAMES.length; i++) {
            int at = gap(frame, before, end);
            int after = Scan.wordEnd(frame, at, end);
            int length = after - at;
            boolean separated = after == end || Scan.isBlank(frame[after]);
            if (length == 0 || !separated) {
                record.put(Field.MESSAGE, frame, at, end - at);
                return ParseStatus.PARTIAL;
            }
            if (length != 1 || frame[at] != '-') {
                deviates |= length > NAME_MAX_BYTES[i] || !Scan.isAscii(frame, at, after);
                if (!record.put(NAMES[i], frame, at, length)) {
                    return ParseStatus.RAW;
                }
            }
            before = after;
        }
        return structuredDataAndMessage(frame, before, end, record);
    }

    private ParseStatus structuredDataAndMessage(byte[] frame, int blank, int end, RecordWriter record) {
        int at = gap(frame, blank, end);
        boolean partial = false;
        int after = at;
        if (at < end && frame[at] == '[') {
            ByteBuilder out = record.open(Field.STRUCTURED_DATA);
            after = structuredData.read(frame, at, end, out);
            record.close(Field.STRUCTURED_DATA);
            deviates |= structuredData.deviates();
            partial = structuredData.isPartial();
        } else if (at < end && frame[at] == '-' && (at + 1 == end || isGap(frame[at + 1]))) {
            after = at + 1;
        } else {
            deviates = true;
        }
        if (after > at && after < end && frame[after] == ' ') {
            after++;
        } else {
            deviates |= after != end;
        }
        if (end - after >= 3
                && frame[after] == (byte) 0xEF
                && frame[after + 1] == (byte) 0xBB
                && frame[after + 2] == (byte) 0xBF) {
            after += 3;
        }
        record.put(Field.MESSAGE, frame, after, end - after);
        if (partial) {
            return ParseStatus.PARTIAL;
        }
        return deviates ? ParseStatus.REPAIRED : ParseStatus.OK;
    }

    private static boolean isGap(byte c) {
        return Scan.isBlank(c) || c == '\n' || c == '\r';
    }

    /** Over the blanks between two fields, of which there should be one. */
    private int gap(byte[] frame, int at, int end) {
        int after = Scan.skipBlanks(frame, at, end);
        deviates |= after - at > 1 || (after > at && frame[at] != ' ');
        return after;
    }
}
