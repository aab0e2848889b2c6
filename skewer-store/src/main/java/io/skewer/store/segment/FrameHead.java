package io.skewer.store.segment;

/**
 * What stands before each body in a segment.
 *
 * <pre>
 * offset size
 *  0     4    marker "SKF1"
 *  4     4    length of the body as it stands in the file
 *  8     8    batch number
 * 16     8    number of the first record: how many records the store had taken before
 * 24     4    number of records
 * 28     4    CRC32C over the segment's salt, the bytes 0..27 and the body
 * </pre>
 *
 * <p>The salt in the checksum makes it impossible to smuggle a frame in through the text of a message: whoever sends it does not
 * know the salt. It also tells frames that a file system left from another file.
 *
 * @param bodyBytes length of the body in the file
 * @param number batch number
 * @param firstRecord number of the first record
 * @param count records
 */
record FrameHead(int bodyBytes, long number, long firstRecord, int count) {
    static final int BYTES = 32;
    static final int MARKER = 'S' | 'K' << 8 | 'F' << 16 | '1' << 24;
    static final int CHECKSUM_AT = 28;

    static FrameHead read(byte[] bytes, int offset) {
        return new FrameHead(
                LittleEndian.getInt(bytes, offset + 4),
                LittleEndian.getLong(bytes, offset + 8),
                LittleEndian.getLong(bytes, offset + 16),
                LittleEndian.getInt(bytes, offset + 24));
    }

    void write(byte[] bytes, int offset) {
        LittleEndian.putInt(bytes, offset, MARKER);
        LittleEndian.putInt(bytes, offset + 4, bodyBytes);
        LittleEndian.putLong(bytes, offset + 8, number);
        LittleEndian.putLong(bytes, offset + 16, firstRecord);
        LittleEndian.putInt(bytes, offset + 24, count);
    }

    /** Whether the lengths and numbers are possible at all; says nothing about the body. */
    boolean isPlausible(long bytesLeft) {
        return bodyBytes > 0
                && bodyBytes <= SegmentWriter.MAX_BODY_BYTES + SegmentWriter.MAX_OVERHEAD_BYTES
                && bodyBytes <= bytesLeft - BYTES
                && number > 0
                && firstRecord >= 0
                && count > 0;
    }

    int frameBytes() {
        return BYTES + bodyBytes;
    }
}
