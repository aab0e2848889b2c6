package io.skewer.core.source.relp;

import io.skewer.core.source.ProtocolViolation;
import java.nio.charset.StandardCharsets;

/**
 * Reads the frames of one RELP connection in place: {@code TXNR SP COMMAND SP DATALEN [SP DATA] LF}. Every field is bounded before it
 * is used; nothing is allocated for data, which stays where it was received. Used by one thread.
 *
 * <p>A message that is too long, but by no more than a factor of {@value #MOST_TIMES_TOO_LONG}, is skipped while it comes in, so that it can be
 * answered and the connection goes on; beyond that the sender is not worth the bytes.
 */
final class RelpFrameReader {
    /** The specification names 999 999 999 as the highest transaction number; lengths have as many digits at most. */
    static final int MAX_DIGITS = 9;

    static final int MAX_COMMAND_BYTES = 32;
    static final int MOST_TIMES_TOO_LONG = 16;

    private final int maxDataBytes;
    private int position;
    private int txnr;
    private int commandOffset;
    private int commandBytes;
    private int dataOffset;
    private int dataBytes;
    private int toSkip;
    private boolean trailerMissing;

    RelpFrameReader(int maxDataBytes) {
        this.maxDataBytes = maxDataBytes;
    }

    /**
     * Moves to the next frame.
     *
     * @return false when it is not there in full; {@link #position()} tells from where on its bytes are still needed
     * @throws ProtocolViolation when the bytes cannot be the start of a frame within the limits
     */
    boolean next(byte[] bytes, int from, int to) throws ProtocolViolation {
        position = from;
        if (!finishSkipping(bytes, to)) {
            return false;
        }
        int at = position;
        int end = digitsEnd(bytes, at, to);
        if (end == to) {
            return false;
        }
        expect(bytes[end] == ' ', "bad_number");
        txnr = number(bytes, at, end);
        commandOffset = end + 1;
        end = commandEnd(bytes, commandOffset, to);
        if (end == to) {
            return false;
        }
        commandBytes = end - commandOffset;
        at = end + 1;
        end = digitsEnd(bytes, at, to);
        if (end == to) {
            return false;
        }
        dataBytes = number(bytes, at, end);
        return dataBytes == 0 ? withoutData(bytes, end, to) : withData(bytes, end, to);
    }

    private boolean withoutData(byte[] bytes, int lengthEnd, int to) throws ProtocolViolation {
        // A space before LF is allowed by the grammar's optional data, and sent by some.
        int at = bytes[lengthEnd] == ' ' ? lengthEnd + 1 : lengthEnd;
        if (at == to) {
            return false;
        }
        expect(bytes[at] == '\n', "bad_trailer");
        dataOffset = at;
        position = at + 1;
        return true;
    }

    private boolean withData(byte[] bytes, int lengthEnd, int to) throws ProtocolViolation {
        expect(bytes[lengthEnd] == ' ', "bad_length");
        dataOffset = lengthEnd + 1;
        if (dataBytes > maxDataBytes) {
            expect(dataBytes / MOST_TIMES_TOO_LONG <= maxDataBytes, "frame_too_long");
            position = dataOffset;
            toSkip = dataBytes;
            trailerMissing = true;
            return true;
        }
        if (to - dataOffset <= dataBytes) {
            return false;
        }
        expect(bytes[dataOffset + dataBytes] == '\n', "bad_trailer");
        position = dataOffset + dataBytes + 1;
        return true;
    }

    private boolean finishSkipping(byte[] bytes, int to) throws ProtocolViolation {
        int skipped = Math.min(toSkip, to - position);
        position += skipped;
        toSkip -= skipped;
        if (trailerMissing && toSkip == 0 && position < to) {
            expect(bytes[position++] == '\n', "bad_trailer");
            trailerMissing = false;
        }
        return !trailerMissing;
    }

    private static int digitsEnd(byte[] bytes, int from, int to) throws ProtocolViolation {
        int at = from;
        while (at < to && bytes[at] >= '0' && bytes[at] <= '9') {
            at++;
            expect(at - from <= MAX_DIGITS, "bad_number");
        }
        if (at < to) {
            expect(at > from && (bytes[at] == ' ' || bytes[at] == '\n'), "bad_number");
        }
        return at;
    }

    private static int commandEnd(byte[] bytes, int from, int to) throws ProtocolViolation {
        int at = from;
        while (at < to && bytes[at] >= 'a' && bytes[at] <= 'z') {
            at++;
            expect(at - from <= MAX_COMMAND_BYTES, "bad_command");
        }
        if (at < to) {
            expect(at > from && bytes[at] == ' ', "bad_command");
        }
        return at;
    }

    private static int number(byte[] bytes, int from, int to) {
        int value = 0;
        for (int at = from; at < to; at++) {
            value = value * 10 + bytes[at] - '0';
        }
        return value;
    }

    private static void expect(boolean met, String reason) throws ProtocolViolation {
        if (!met) {
            throw new ProtocolViolation(reason, "not a frame of RELP");
        }
    }

    /** The data of this frame is too long and is being skipped. */
    boolean isTooLong() {
        return dataBytes > maxDataBytes;
    }

    int position() {
        return position;
    }

    int txnr() {
        return txnr;
    }

    boolean isCommand(byte[] bytes, byte[] name) {
        if (commandBytes != name.length) {
            return false;
        }
        for (int i = 0; i < name.length; i++) {
            if (bytes[commandOffset + i] != name[i]) {
                return false;
            }
        }
        return true;
    }

    int dataOffset() {
        return dataOffset;
    }

    int dataBytes() {
        return dataBytes;
    }

    /** Makes an object: for the opening only. */
    String dataText(byte[] bytes) {
        return new String(bytes, dataOffset, dataBytes, StandardCharsets.UTF_8);
    }
}
