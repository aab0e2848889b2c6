package io.skewer.core.decode;

import io.skewer.core.message.ParseStatus;
import io.skewer.core.message.RecordWriter;

/**
 * Recognises the format of each frame: an object in braces is JSON; a VERSION followed by a nil value or something like a date is
 * RFC 5424, with a priority before it or not; all else is RFC 3164, which keeps as RAW what it does not understand.
 */
final class AutoParser implements FrameParser {
    private final FrameParser rfc5424;
    private final FrameParser rfc3164;
    private final FrameParser json;

    AutoParser(FrameParser rfc5424, FrameParser rfc3164, FrameParser json) {
        this.rfc5424 = rfc5424;
        this.rfc3164 = rfc3164;
        this.json = json;
    }

    @Override
    public ParseStatus parse(byte[] frame, int start, int end, RecordWriter record) {
        int at = Scan.skipSpace(frame, start, end);
        if (at < end && frame[at] == '{') {
            return json.parse(frame, start, end, record);
        }
        int priority = Scan.priority(frame, at, end);
        int version = priority < 0 ? at : at + (priority >> 8);
        FrameParser parser = isRfc5424(frame, version, end, priority >= 0) ? rfc5424 : rfc3164;
        return parser.parse(frame, start, end, record);
    }

    private static boolean isRfc5424(byte[] frame, int version, int end, boolean hasPriority) {
        int after = Scan.skipDigits(frame, version, Math.min(end, version + 3));
        if (after == version || after == end || !Scan.isBlank(frame[after])) {
            return false;
        }
        int stamp = Scan.skipBlanks(frame, after, end);
        if (stamp == end) {
            return hasPriority;
        }
        boolean nil = hasPriority && frame[stamp] == '-' && (stamp + 1 == end || Scan.isBlank(frame[stamp + 1]));
        boolean date =
                end - stamp > 4 && frame[stamp + 4] == '-' && Scan.skipDigits(frame, stamp, stamp + 4) == stamp + 4;
        return nil || date;
    }
}
