package io.skewer.core.message;

import java.util.Arrays;

/**
 * Writes one record after the other into the batch being filled (form: {@link RecordLayout}). Used by one thread.
 *
 * <p>Call {@link #begin}, then the fields that the message has, in the order of {@link Field}; then {@link #end}. A field is
 * either copied at once ({@link #put(Field, byte[], int, int)}) or built between {@link #open} and {@link #close}, for values that
 * are unescaped or converted on the way. {@link #restart} forgets all fields of the record but its origin, so that a decoder which
 * recognises too late that it was wrong can start over.
 *
 * <p>Nothing is trusted to fit: a short field longer than {@link Field#SHORT_FIELD_MAX_BYTES} makes {@link #put} and
 * {@link #close} answer false and leave the field empty; the decoder then keeps the frame as {@link ParseStatus#RAW}.
 */
public final class RecordWriter {
    private final ByteBuilder out;
    private final MessageId ids;
    private int start = -1;
    private int afterOrigin;
    private int fieldStart = -1;
    private int nextField;

    RecordWriter(ByteBuilder out, MessageId ids) {
        this.out = out;
        this.ids = ids;
    }

    /**
     * Starts a record with a new id, no fields but the origin, facility user, severity notice (what RFC 3164 section 4.3.3 gives a
     * message without priority), and the receive time as the reported time.
     */
    public void begin(byte[] origin, long receivedNs) {
        if (start >= 0) {
            throw new IllegalStateException("the record before was not ended");
        }
        start = out.length();
        out.reserve(RecordLayout.HEADER_BYTES + origin.length);
        byte[] bytes = out.array();
        Arrays.fill(bytes, start, start + RecordLayout.HEADER_BYTES, (byte) 0);
        bytes[start + RecordLayout.FORMAT] = RecordLayout.FORMAT_1;
        ids.next(bytes, start + RecordLayout.ID);
        RecordLayout.LONG.set(bytes, start + RecordLayout.RECEIVED_NS, receivedNs);
        out.advance(RecordLayout.HEADER_BYTES);
        nextField = 0;
        put(Field.ORIGIN, origin, 0, origin.length);
        afterOrigin = out.length();
        restart();
    }

    /** Forgets all that was said of the message since {@link #begin}. */
    public void restart() {
        out.truncate(afterOrigin);
        fieldStart = -1;
        nextField = Field.ORIGIN.ordinal() + 1;
        byte[] bytes = out.array();
        for (int i = nextField; i < Field.count(); i++) {
            setLength(Field.at(i), 0);
        }
        bytes[start + RecordLayout.FACILITY] = Facility.USER;
        bytes[start + RecordLayout.SEVERITY] = Severity.NOTICE;
        syslogVersion(0);
        parseStatus(ParseStatus.OK);
        RecordLayout.SHORT.set(bytes, start + RecordLayout.FLAGS, (short) 0);
        RecordLayout.INT.set(bytes, start + RecordLayout.PARTITION, RecordLayout.NO_PARTITION);
        RecordLayout.LONG.set(bytes, start + RecordLayout.REPORTED_NS, (long)
                RecordLayout.LONG.get(bytes, start + RecordLayout.RECEIVED_NS));
    }

    public void priority(int facility, int severity) {
        out.array()[start + RecordLayout.FACILITY] = (byte) facility;
        out.array()[start + RecordLayout.SEVERITY] = (byte) severity;
    }

    /** @param version VERSION of RFC 5424 section 6.2.2, up to 999 */
    public void syslogVersion(int version) {
        RecordLayout.SHORT.set(out.array(), start + RecordLayout.SYSLOG_VERSION, (short) version);
    }

    public void parseStatus(ParseStatus status) {
        out.array()[start + RecordLayout.PARSE_STATUS] = status.code();
    }

    public ParseStatus parseStatus() {
        return ParseStatus.ofCode(out.array()[start + RecordLayout.PARSE_STATUS]);
    }

    /** @param reportedNs nanoseconds since 1970 UTC, as the sender said */
    public void reportedNs(long reportedNs) {
        RecordLayout.LONG.set(out.array(), start + RecordLayout.REPORTED_NS, reportedNs);
        RecordLayout.SHORT.set(out.array(), start + RecordLayout.FLAGS, (short) RecordLayout.FLAG_REPORTED_TIME);
    }

    /** When the frame was received, nanoseconds since 1970 UTC: the clock by which a missing year is guessed. */
    public long receivedNs() {
        return (long) RecordLayout.LONG.get(out.array(), start + RecordLayout.RECEIVED_NS);
    }

    public void partition(int partition) {
        RecordLayout.INT.set(out.array(), start + RecordLayout.PARTITION, partition);
    }

    /** Copies a field. @return false, with the field left empty, when it is too long */
    public boolean put(Field field, byte[] source, int offset, int length) {
        if (!field.isLong && length > Field.SHORT_FIELD_MAX_BYTES) {
            return false;
        }
        enter(field);
        out.add(source, offset, length);
        setLength(field, length);
        return true;
    }

    /**
     * Starts a field whose bytes are added to the answer; only {@code add}, {@code advance} and {@code reserve} may be called on it,
     * and {@code truncate} to a length that it had since this call.
     */
    public ByteBuilder open(Field field) {
        enter(field);
        fieldStart = out.length();
        return out;
    }

    /** Ends the field that {@link #open} started. @return false, with the field left empty, when it is too long */
    public boolean close(Field field) {
        if (fieldStart < 0 || nextField != field.ordinal() + 1) {
            throw new IllegalStateException(field + " is not open");
        }
        int length = out.length() - fieldStart;
        boolean fits = field.isLong || length <= Field.SHORT_FIELD_MAX_BYTES;
        if (!fits) {
            out.truncate(fieldStart);
            length = 0;
        }
        fieldStart = -1;
        setLength(field, length);
        return fits;
    }

    private void enter(Field field) {
        if (start < 0 || fieldStart >= 0 || field.ordinal() < nextField) {
            throw new IllegalStateException(field + " comes too late or inside another field");
        }
        nextField = field.ordinal() + 1;
    }

    private void setLength(Field field, int length) {
        if (field.isLong) {
            RecordLayout.INT.set(out.array(), start + field.lengthOffset, length);
        } else {
            RecordLayout.SHORT.set(out.array(), start + field.lengthOffset, (short) length);
        }
    }

    /** Where the record being written starts in {@link BatchBuilder}'s bytes, for a view on it before it ends. */
    int start() {
        return start;
    }

    /** Ends the record. @return its length in bytes */
    int end() {
        if (start < 0 || fieldStart >= 0) {
            throw new IllegalStateException("no record, or a field of it is still open");
        }
        int length = out.length() - start;
        RecordLayout.INT.set(out.array(), start + RecordLayout.LENGTH, length);
        start = -1;
        return length;
    }

    /** Takes the record back as if it had never begun. */
    void abandon() {
        out.truncate(start);
        start = -1;
        fieldStart = -1;
    }
}
