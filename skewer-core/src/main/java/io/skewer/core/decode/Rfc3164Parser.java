package io.skewer.core.decode;

import io.skewer.core.message.ByteBuilder;
import io.skewer.core.message.Field;
import io.skewer.core.message.ParseStatus;
import io.skewer.core.message.RecordWriter;

/**
 * RFC 3164, which describes what was seen on the wire and not what is allowed; so OK means here: a priority, a time stamp, and all
 * that the frame says stands in a field. The time stamp may be {@link BsdStamp} or {@link IsoStamp}; host and tag, either of which
 * may be missing, are found by {@link HostAndTag}.
 *
 * <p>REPAIRED: no priority, blanks before the time stamp or several where one should be, structured data before the text (rsyslog),
 * and the forms of Cisco: sequence numbers, host names and marks of a clock not set before the stamp, zones and a colon behind it.
 * Seconds since 1970 behind a VERSION (Meraki). PARTIAL: a priority and no time stamp. RAW: neither, or something in angle brackets that is no priority.
 */
final class Rfc3164Parser implements FrameParser {
    /** IOS: sequence number of syslog, host name, sequence number of the log. */
    private static final int CISCO_PREFIXES_MAX = 3;

    private final BsdStamp bsd;
    private final IsoStamp iso;
    private final EpochStamp epoch = new EpochStamp();
    private final HostAndTag words = new HostAndTag();
    private final SdScanner structuredData = new SdScanner();
    private boolean hasPriority;
    private boolean deviates;
    private int prefixStart;
    private int prefixEnd;

    Rfc3164Parser(LocalZone zone) {
        bsd = new BsdStamp(zone);
        iso = new IsoStamp(zone);
    }

    @Override
    public ParseStatus parse(byte[] frame, int start, int end, RecordWriter record) {
        int at = Scan.skipSpace(frame, start, end);
        deviates = at != start;
        prefixStart = 0;
        prefixEnd = 0;
        int priority = Scan.priority(frame, at, end);
        hasPriority = priority >= 0;
        if (hasPriority) {
            deviates |= Scan.hasLeadingZero(frame, at);
            record.priority((priority & 0xFF) >> 3, priority & 7);
            at = blanks(frame, at + (priority >> 8), end, 0);
        } else if (at < end && frame[at] == '<') {
            return ParseStatus.RAW;
        }
        int afterStamp = hasPriority ? stampBehindPrefixes(frame, at, end, record) : stamp(frame, at, end, record);
        if (afterStamp < 0) {
            return hasPriority ? withoutStamp(frame, at, end, record) : ParseStatus.RAW;
        }
        deviates |= !hasPriority;
        words.read(frame, afterStamp, end);
        return write(frame, end, record);
    }

    private ParseStatus withoutStamp(byte[] frame, int at, int end, RecordWriter record) {
        prefixStart = 0;
        prefixEnd = 0;
        words.readTag(frame, at, end);
        write(frame, end, record);
        return ParseStatus.PARTIAL;
    }

    /** @return where host and tag start, or -1 when there is no time stamp */
    private int stampBehindPrefixes(byte[] frame, int from, int end, RecordWriter record) {
        int at = from;
        for (int i = 0; i <= CISCO_PREFIXES_MAX; i++) {
            int after = stamp(frame, at, end, record);
            if (after >= 0) {
                return after;
            }
            int next = behindPrefix(frame, at, end);
            if (next < 0) {
                return -1;
            }
            deviates = true;
            at = next;
        }
        return -1;
    }

    /** Over one of {@code 123: }, {@code : }, {@code host: }, {@code RP/0/RSP0/CPU0:} or a VERSION; -1 when there is none. */
    private int behindPrefix(byte[] frame, int at, int end) {
        int wordEnd = Scan.wordEnd(frame, at, end);
        if (wordEnd == at) {
            return -1;
        }
        int digits = Scan.skipDigits(frame, at, wordEnd);
        if (digits == wordEnd && digits - at <= 3 && wordEnd < end) {
            return Scan.skipBlanks(frame, wordEnd, end);
        }
        int colon = frame[at] == ':' ? at : lastColon(frame, at, wordEnd);
        if (colon < 0) {
            return -1;
        }
        if (colon > at && digits != colon) {
            prefixStart = at;
            prefixEnd = colon;
        }
        return Scan.skipBlanks(frame, colon + 1, end);
    }

    private static int lastColon(byte[] frame, int at, int end) {
        for (int i = end - 1; i > at; i--) {
            if (frame[i] == ':') {
                return i;
            }
        }
        return -1;
    }

    /** @return behind the stamp and what separates it from the rest, or -1 when there is none at {@code from} */
    private int stamp(byte[] frame, int from, int end, RecordWriter record) {
        // Cisco: the clock is not set, or not synchronised.
        boolean marked = from < end && (frame[from] == '*' || frame[from] == '.');
        int at = marked ? from + 1 : from;
        int after;
        long epochNs;
        boolean stampDeviates;
        if (bsd.read(frame, at, end, record.receivedNs())) {
            after = bsd.end();
            epochNs = bsd.epochNs();
            stampDeviates = bsd.deviates();
        } else if (iso.read(frame, at, end)) {
            after = iso.end();
            epochNs = iso.epochNs();
            stampDeviates = iso.deviates();
        } else if (hasPriority && epoch.read(frame, at, end)) {
            after = epoch.end();
            epochNs = epoch.epochNs();
            stampDeviates = true;
        } else {
            return -1;
        }
        boolean colon = after < end && frame[after] == ':';
        if (after < end && !colon && !Scan.isBlank(frame[after])) {
            return -1;
        }
        deviates |= marked || stampDeviates || colon;
        record.reportedNs(epochNs);
        return blanks(frame, colon ? after + 1 : after, end, 1);
    }

    private int blanks(byte[] frame, int at, int end, int usual) {
        int after = Scan.skipBlanks(frame, at, end);
        deviates |= after - at > usual;
        return after;
    }

    private ParseStatus write(byte[] frame, int end, RecordWriter record) {
        deviates |= words.deviates;
        boolean hasHost = words.hostEnd > words.hostStart;
        int hostStart = hasHost ? words.hostStart : prefixStart;
        int hostEnd = hasHost ? words.hostEnd : prefixEnd;
        if (!record.put(Field.HOST, frame, hostStart, hostEnd - hostStart)) {
            return ParseStatus.RAW;
        }
        record.put(Field.APP, frame, words.appStart, words.appEnd - words.appStart);
        record.put(Field.PROCID, frame, words.pidStart, words.pidEnd - words.pidStart);
        int text = words.textStart;
        if (text < end && frame[text] == '[') {
            text = structuredData(frame, text, end, record);
        }
        record.put(Field.MESSAGE, frame, text, end - text);
        return deviates ? ParseStatus.REPAIRED : ParseStatus.OK;
    }

    /** Only a well-formed element with parameters counts: {@code [WAN_LOCAL]IN=eth0} and {@code [12.345] text} are text. */
    private int structuredData(byte[] frame, int at, int end, RecordWriter record) {
        ByteBuilder out = record.open(Field.STRUCTURED_DATA);
        int mark = out.length();
        int after = structuredData.read(frame, at, end, out);
        boolean found = after > at
                && !structuredData.isPartial()
                && !structuredData.deviates()
                && structuredData.parameters() > 0
                && (after == end || frame[after] == ' ');
        if (!found) {
            out.truncate(mark);
        }
        record.close(Field.STRUCTURED_DATA);
        deviates |= found;
        return found ? Math.min(end, after + 1) : at;
    }
}
