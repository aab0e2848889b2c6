package io.skewer.cli.loadgen;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.charset.StandardCharsets;

/**
 * Reads {@code TXNR SP "rsp" SP DATALEN [SP DATA] LF}. One answer may be as long as the buffer; whatever is longer, or is no answer, ends the
 * connection with an {@link IOException}. Used by one thread.
 */
final class RelpAnswers {
    private static final int BUFFER_BYTES = 8 * 1024;
    private static final int MAX_DIGITS = 9;

    private final ReadableByteChannel channel;
    private final ByteBuffer direct = ByteBuffer.allocateDirect(BUFFER_BYTES);
    private final byte[] bytes = new byte[BUFFER_BYTES];
    private int start;
    private int end;
    private int at;
    private long txnr;
    private boolean ok;

    RelpAnswers(ReadableByteChannel channel) {
        this.channel = channel;
    }

    /** Waits until something was read. */
    void await() throws IOException {
        System.arraycopy(bytes, start, bytes, 0, end - start);
        end -= start;
        start = 0;
        if (end == bytes.length) {
            throw new IOException("an answer of more than " + BUFFER_BYTES + " bytes");
        }
        direct.clear().limit(bytes.length - end);
        int count = channel.read(direct);
        if (count < 0) {
            throw new EOFException("the receiver closed the session");
        }
        direct.flip().get(bytes, end, count);
        end += count;
    }

    /** Goes to the next answer. @return false when it has not been read to its end */
    boolean next() throws IOException {
        at = start;
        long number = decimal(' ');
        if (number < 0 || !word()) {
            return false;
        }
        long length = length();
        if (length < 0) {
            return false;
        }
        int data = at;
        int after = data + (int) length + (length == 0 ? 0 : 1);
        if (after > end) {
            return false;
        }
        if (length > 0 && bytes[after - 1] != '\n') {
            throw new IOException("an answer does not end with LF: " + describe());
        }
        txnr = number;
        ok = length >= 3 && bytes[data] == '2' && bytes[data + 1] == '0' && bytes[data + 2] == '0';
        start = after;
        return true;
    }

    /** @return -1 when it has not been read to its end */
    private long decimal(int delimiter) throws IOException {
        long number = 0;
        for (int first = at; at < end; at++) {
            int c = bytes[at];
            if (c == delimiter && at > first) {
                at++;
                return number;
            }
            if (c < '0' || c > '9' || at - first >= MAX_DIGITS) {
                throw new IOException("no answer: " + describe());
            }
            number = number * 10 + c - '0';
        }
        return -1;
    }

    private boolean word() throws IOException {
        if (end - at < 4) {
            return false;
        }
        if (bytes[at] != 'r' || bytes[at + 1] != 's' || bytes[at + 2] != 'p' || bytes[at + 3] != ' ') {
            throw new IOException("no answer: " + describe());
        }
        at += 4;
        return true;
    }

    /** The length ends with a space, or with LF when there is no data; also {@code 0 SP LF}, as some write it. */
    private long length() throws IOException {
        int last = at;
        while (last < end && bytes[last] >= '0' && bytes[last] <= '9') {
            last++;
        }
        if (last == end) {
            return last - at > MAX_DIGITS ? decimal(' ') : -1;
        }
        long length = decimal(bytes[last]);
        if (length == 0 && bytes[last] == ' ') {
            if (at == end) {
                return -1;
            }
            at++;
        }
        return length;
    }

    long txnr() {
        return txnr;
    }

    /** The message was accepted. */
    boolean isOk() {
        return ok;
    }

    /** The start of what was read last, for people. */
    String describe() {
        return new String(bytes, start, Math.min(80, end - start), StandardCharsets.US_ASCII).strip();
    }
}
