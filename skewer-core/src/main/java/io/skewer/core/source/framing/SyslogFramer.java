package io.skewer.core.source.framing;

/**
 * Finds the frames of one stream in place (RFC 6587). One per connection, used by one thread, copies nothing, allocates nothing.
 *
 * <p>Frame by frame, unless the settings say that lines are all there is:
 *
 * <ul>
 *   <li><b>counted</b>: one to nine digits that do not start with 0, a space, then a less-than sign or an opening brace. The length
 *       is compared to the limit before anything else happens; a longer one is {@link Outcome#TOO_LONG}, as nobody can tell where
 *       the next frame starts without receiving all of it. A final LF inside the count, which some senders add, is taken off.
 *   <li><b>a line</b>: everything else, up to the delimiter. Trailing CR, LF and NUL are taken off.
 * </ul>
 *
 * <p>RFC 6587 section 3.4.1 counts SYSLOG-MSG, which starts with a less-than sign; the brace is taken as well because JSON documents
 * are sent counted. A number before anything else is text: "404 not found" is a line, and not the start of 404 bytes that would
 * swallow the lines behind it. So are a negative number, one with leading zeros or ten digits, and a count that is followed by LF.
 *
 * <p>Between frames spaces, CR, LF and NUL are skipped; empty frames do not exist. A line that does not end within the limit is cut:
 * its first part is a frame, the rest up to the delimiter is skipped and counted ({@link #takeCutFrames}, {@link #takeSkippedBytes}).
 *
 * <p>What is found does not depend on how the stream was cut into reads: each decision needs a fixed number of bytes, and until
 * they are there the answer is {@link Outcome#MORE}. No byte is searched twice: {@code searchedBytes} remembers.
 */
public final class SyslogFramer {
    /** What {@link #next} found. */
    public enum Outcome {
        /** A frame stands at {@link #frameOffset()}. */
        FRAME,
        /** Nothing complete: call again with more bytes behind those from {@link #position()} on. */
        MORE,
        /** A count beyond the limit: the stream cannot be followed any further. */
        TOO_LONG
    }

    /** Frame lengths have at most this many digits, which an int holds. */
    static final int MAX_COUNT_DIGITS = 9;

    private final int maxFrameBytes;
    private final boolean lineFraming;
    private final byte[] delimiter;
    private final ByteSearch search;
    private int position;
    private int frameOffset;
    private int frameLength;
    /** Bytes from the position on that are known to hold no delimiter; above zero the frame is known to be a line. */
    private int searchedBytes;

    private boolean skippingRest;
    private long skippedBytes;
    private long cutFrames;

    public SyslogFramer(Framing framing) {
        maxFrameBytes = framing.maxFrameBytes();
        lineFraming = framing.lineFraming();
        delimiter = framing.delimiter();
        search = new ByteSearch(delimiter);
    }

    /**
     * Finds the next frame.
     *
     * @param from where {@link #position()} was left, in an array that may have changed
     * @param to behind the last byte received
     */
    public Outcome next(byte[] bytes, int from, int to) {
        position = from;
        if (skippingRest && !skipRest(bytes, to)) {
            return Outcome.MORE;
        }
        while (true) {
            if (searchedBytes == 0 && !skipBetweenFrames(bytes, to)) {
                return Outcome.MORE;
            }
            if (searchedBytes == 0 && !lineFraming && isCountStart(bytes[position])) {
                int textAt = countedTextAt(bytes, to);
                if (textAt != NO_COUNT) {
                    return textAt == COUNT_INCOMPLETE ? Outcome.MORE : counted(bytes, textAt, to);
                }
            }
            int limit = (int) Math.min(to, (long) position + maxFrameBytes + delimiter.length);
            int start = position;
            int found = search.find(bytes, Math.max(start, start + searchedBytes - delimiter.length + 1), limit);
            if (found == ByteSearch.NOT_FOUND) {
                return limit - start < maxFrameBytes + delimiter.length ? searchLater(limit - start) : cut();
            }
            searchedBytes = 0;
            position = found + delimiter.length;
            if (frame(start, trimmedEnd(bytes, start, found))) {
                return Outcome.FRAME;
            }
        }
    }

    /**
     * What is left when the stream has ended: the last line needs no delimiter, and of a counted frame what came.
     *
     * @return {@link Outcome#FRAME} or {@link Outcome#MORE} when nothing is left
     */
    public Outcome last(byte[] bytes, int from, int to) {
        position = to;
        if (skippingRest) {
            skippedBytes += to - from;
            skippingRest = false;
            return Outcome.MORE;
        }
        position = from;
        boolean nothing = searchedBytes == 0 && !skipBetweenFrames(bytes, to) && position == to;
        searchedBytes = 0;
        int start = position;
        if (!nothing && !lineFraming && isCountStart(bytes[start])) {
            int textAt = countedTextAt(bytes, to);
            start = textAt > 0 ? textAt : start;
        }
        position = to;
        int end = Math.min(trimmedEnd(bytes, start, to), start + maxFrameBytes);
        return !nothing && frame(start, end) ? Outcome.FRAME : Outcome.MORE;
    }

    /** Where the next call goes on: everything before may be forgotten. */
    public int position() {
        return position;
    }

    public int frameOffset() {
        return frameOffset;
    }

    /** At least 1. */
    public int frameLength() {
        return frameLength;
    }

    /** Frames cut at the limit since the last call. */
    public long takeCutFrames() {
        long taken = cutFrames;
        cutFrames = 0;
        return taken;
    }

    /** Bytes of cut frames that were thrown away since the last call. */
    public long takeSkippedBytes() {
        long taken = skippedBytes;
        skippedBytes = 0;
        return taken;
    }

    private boolean frame(int start, int end) {
        frameOffset = start;
        frameLength = end - start;
        return frameLength > 0;
    }

    private Outcome searchLater(int searched) {
        searchedBytes = searched;
        return Outcome.MORE;
    }

    private Outcome cut() {
        frame(position, position + maxFrameBytes);
        position += maxFrameBytes;
        searchedBytes = 0;
        skippingRest = true;
        cutFrames++;
        return Outcome.FRAME;
    }

    /** @return false when the delimiter is still to come */
    private boolean skipRest(byte[] bytes, int to) {
        int found = search.find(bytes, position, to);
        int until = found == ByteSearch.NOT_FOUND ? Math.max(position, to - delimiter.length + 1) : found;
        skippedBytes += until - position;
        skippingRest = found == ByteSearch.NOT_FOUND;
        position = skippingRest ? until : until + delimiter.length;
        return !skippingRest;
    }

    /** @return false when the bytes are used up, or end inside what may be a delimiter */
    private boolean skipBetweenFrames(byte[] bytes, int to) {
        while (position < to) {
            byte value = bytes[position];
            if (delimiter.length > 1 && value == delimiter[0]) {
                int there = Math.min(delimiter.length, to - position);
                if (startsDelimiter(bytes, there)) {
                    if (there < delimiter.length) {
                        return false;
                    }
                    position += delimiter.length;
                    continue;
                }
            }
            if (value != ' ' && !isLineEnd(value) && (delimiter.length > 1 || value != delimiter[0])) {
                return true;
            }
            position++;
        }
        return false;
    }

    private boolean startsDelimiter(byte[] bytes, int count) {
        for (int i = 0; i < count; i++) {
            if (bytes[position + i] != delimiter[i]) {
                return false;
            }
        }
        return true;
    }

    private static final int NO_COUNT = -1;
    private static final int COUNT_INCOMPLETE = -2;

    /** @return where the counted text starts, or one of the two above */
    private int countedTextAt(byte[] bytes, int to) {
        int limit = Math.min(to, position + MAX_COUNT_DIGITS + 1);
        int at = position;
        while (at < limit && bytes[at] >= '0' && bytes[at] <= '9') {
            at++;
        }
        if (at - position > MAX_COUNT_DIGITS) {
            return NO_COUNT;
        }
        if (at == to) {
            return COUNT_INCOMPLETE;
        }
        if (bytes[at] != ' ') {
            return NO_COUNT;
        }
        if (at + 1 == to) {
            return COUNT_INCOMPLETE;
        }
        return bytes[at + 1] == '<' || bytes[at + 1] == '{' ? at + 1 : NO_COUNT;
    }

    private Outcome counted(byte[] bytes, int textAt, int to) {
        int length = 0;
        for (int at = position; at < textAt - 1; at++) {
            length = length * 10 + bytes[at] - '0';
        }
        if (length > maxFrameBytes) {
            return Outcome.TOO_LONG;
        }
        if (to - textAt < length) {
            return Outcome.MORE;
        }
        position = textAt + length;
        frame(textAt, bytes[position - 1] == '\n' ? position - 1 : position);
        return Outcome.FRAME;
    }

    private static boolean isCountStart(byte value) {
        return value >= '1' && value <= '9';
    }

    private static boolean isLineEnd(byte value) {
        return value == '\n' || value == '\r' || value == 0;
    }

    private static int trimmedEnd(byte[] bytes, int start, int end) {
        int trimmed = end;
        while (trimmed > start && isLineEnd(bytes[trimmed - 1])) {
            trimmed--;
        }
        return trimmed;
    }
}
