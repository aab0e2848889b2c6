package io.skewer.core.message;

import java.nio.charset.StandardCharsets;

/**
 * Reads a record where it stands (form: {@link RecordLayout}). A flyweight: {@link #wrap} moves it to the next record, nothing is
 * copied unless {@link #text} is called. Used by one thread; valid as long as the bytes behind it.
 */
public final class RecordView {
    private byte[] bytes = new byte[0];
    private int start;
    private int length;
    private final int[] offsets = new int[Field.count()];
    private final int[] lengths = new int[Field.count()];

    /**
     * Moves the view to the record at {@code offset} of {@code source}.
     *
     * @param end where the bytes that may belong to the record end
     * @throws IllegalArgumentException when the bytes are no record: a length does not add up, or a code is unknown
     */
    public RecordView wrap(byte[] source, int offset, int end) {
        if (end - offset < RecordLayout.HEADER_BYTES) {
            throw new IllegalArgumentException("record cut at " + (end - offset) + " bytes");
        }
        int total = (int) RecordLayout.INT.get(source, offset + RecordLayout.LENGTH);
        if (total < RecordLayout.HEADER_BYTES || total > end - offset) {
            throw new IllegalArgumentException("record length " + total + " of " + (end - offset));
        }
        if (source[offset + RecordLayout.FORMAT] != RecordLayout.FORMAT_1) {
            throw new IllegalArgumentException("record format " + source[offset + RecordLayout.FORMAT]);
        }
        bytes = source;
        start = offset;
        length = total;
        locateFields();
        checkCodes();
        return this;
    }

    private void locateFields() {
        long at = RecordLayout.HEADER_BYTES;
        for (int i = 0; i < offsets.length; i++) {
            Field field = Field.at(i);
            int size = field.isLong
                    ? (int) RecordLayout.INT.get(bytes, start + field.lengthOffset)
                    : ((short) RecordLayout.SHORT.get(bytes, start + field.lengthOffset)) & 0xFFFF;
            if (size < 0 || at + size > length) {
                throw new IllegalArgumentException(field + " of " + size + " bytes leaves the record");
            }
            offsets[i] = start + (int) at;
            lengths[i] = size;
            at += size;
        }
        if (at != length) {
            throw new IllegalArgumentException("record length " + length + ", fields end at " + at);
        }
    }

    private void checkCodes() {
        int facility = bytes[start + RecordLayout.FACILITY];
        int severity = bytes[start + RecordLayout.SEVERITY];
        if (facility < 0 || facility > Facility.MAX || severity < 0 || severity > Severity.MAX) {
            throw new IllegalArgumentException("facility " + facility + ", severity " + severity);
        }
        ParseStatus.ofCode(bytes[start + RecordLayout.PARSE_STATUS]);
    }

    /** The array that holds the record. Not to be written to. */
    public byte[] array() {
        return bytes;
    }

    /** Where the record starts in {@link #array()}. */
    public int offset() {
        return start;
    }

    /** The record's whole length in bytes. */
    public int length() {
        return length;
    }

    public int facility() {
        return bytes[start + RecordLayout.FACILITY];
    }

    public int severity() {
        return bytes[start + RecordLayout.SEVERITY];
    }

    public int priority() {
        return facility() * 8 + severity();
    }

    public ParseStatus parseStatus() {
        return ParseStatus.ofCode(bytes[start + RecordLayout.PARSE_STATUS]);
    }

    /** The VERSION of an RFC 5424 frame, 0 for all others. */
    public int syslogVersion() {
        return ((short) RecordLayout.SHORT.get(bytes, start + RecordLayout.SYSLOG_VERSION)) & 0xFFFF;
    }

    /** Nanoseconds since 1970 UTC; the receive time when {@link #hasReportedTime()} is false. */
    public long reportedNs() {
        return (long) RecordLayout.LONG.get(bytes, start + RecordLayout.REPORTED_NS);
    }

    public boolean hasReportedTime() {
        return ((short) RecordLayout.SHORT.get(bytes, start + RecordLayout.FLAGS) & RecordLayout.FLAG_REPORTED_TIME)
                != 0;
    }

    /** Nanoseconds since 1970 UTC. */
    public long receivedNs() {
        return (long) RecordLayout.LONG.get(bytes, start + RecordLayout.RECEIVED_NS);
    }

    /** The partition that a script chose, or -1. */
    public int partition() {
        return (int) RecordLayout.INT.get(bytes, start + RecordLayout.PARTITION);
    }

    /** Where the 16 bytes of the id start in {@link #array()}. */
    public int idOffset() {
        return start + RecordLayout.ID;
    }

    /** Where a field starts in {@link #array()}. */
    public int offset(Field field) {
        return offsets[field.ordinal()];
    }

    /** How many bytes a field has, 0 when the message has none. */
    public int length(Field field) {
        return lengths[field.ordinal()];
    }

    public boolean has(Field field) {
        return lengths[field.ordinal()] > 0;
    }

    /** The field as text, malformed UTF-8 replaced. Makes objects: not for the data path. */
    public String text(Field field) {
        return new String(bytes, offset(field), length(field), StandardCharsets.UTF_8);
    }

    /** Makes objects: not for the data path. */
    public Origin origin() {
        return Origin.of(bytes, offset(Field.ORIGIN), length(Field.ORIGIN));
    }

    /** The 26 characters of the id. Makes objects: not for the data path. */
    public String idText() {
        return MessageId.text(bytes, idOffset());
    }
}
