package io.skewer.core.message;

/**
 * The head of a batch: what the store must know of it without opening it.
 *
 * <p>A batch is the unit of everything between processes: encrypted, checksummed, written, acknowledged as one. It is 32 bytes of
 * head and a payload, the records back to back, usually compressed.
 *
 * <pre>
 * offset size
 *  0     4    magic "SKB1"
 *  4     4    number of records, at least 1
 *  8     4    length of the records uncompressed
 * 12     4    length of the payload
 * 16     1    codec: 0 as is, 1 LZ4 block
 * 17     7    zero
 * 24     8    receive time of the first record: nanoseconds since 1970 UTC
 * </pre>
 *
 * @param count records
 * @param recordsBytes length of the records uncompressed
 * @param payloadBytes length of the payload
 * @param codec {@link #CODEC_NONE} or {@link #CODEC_LZ4}
 * @param firstReceivedNs receive time of the first record
 */
public record Batch(int count, int recordsBytes, int payloadBytes, byte codec, long firstReceivedNs) {
    public static final int HEADER_BYTES = 32;
    /** A batch is sealed when its records reach this length. */
    public static final int TARGET_BYTES = 256 * 1024;
    /** No batch is longer, compressed or not: a full batch plus one message of the largest size that the configuration allows. */
    public static final int MAX_BYTES = 4 * 1024 * 1024;

    /** What a destination keeps of a record besides its bytes, roughly. */
    public static final int RECORD_WEIGHT_BYTES = 256;

    static final byte CODEC_NONE = 0;
    static final byte CODEC_LZ4 = 1;
    private static final int MAGIC = 'S' | 'K' << 8 | 'B' << 16 | '1' << 24;

    /**
     * Reads the head of the batch that fills {@code length} bytes at {@code offset}.
     *
     * @throws IllegalArgumentException when the bytes are no batch, or one that breaks a limit
     */
    public static Batch read(byte[] bytes, int offset, int length) {
        if (length < HEADER_BYTES || (int) RecordLayout.INT.get(bytes, offset) != MAGIC) {
            throw new IllegalArgumentException("no batch in " + length + " bytes");
        }
        Batch batch = new Batch(
                (int) RecordLayout.INT.get(bytes, offset + 4),
                (int) RecordLayout.INT.get(bytes, offset + 8),
                (int) RecordLayout.INT.get(bytes, offset + 12),
                bytes[offset + 16],
                (long) RecordLayout.LONG.get(bytes, offset + 24));
        batch.check(length);
        return batch;
    }

    /**
     * A batch of one record, which stands in it as it is.
     *
     * @throws IllegalArgumentException when the bytes are no record
     */
    public static SealedBatch ofOne(byte[] record) {
        RecordView view = new RecordView().wrap(record, 0, record.length);
        if (view.length() != record.length) {
            throw new IllegalArgumentException((record.length - view.length()) + " bytes behind the record");
        }
        byte[] bytes = new byte[HEADER_BYTES + record.length];
        new Batch(1, record.length, record.length, CODEC_NONE, view.receivedNs()).write(bytes, 0);
        System.arraycopy(record, 0, bytes, HEADER_BYTES, record.length);
        return new SealedBatch(bytes, 1);
    }

    /**
     * What the batch takes of the bound for what may be on its way to a destination: its records uncompressed, each counted as
     * {@value #RECORD_WEIGHT_BYTES} bytes at least. Compressed bytes would not do: of text that repeats itself, few of them are very many
     * messages.
     */
    public int weightBytes() {
        return Math.max(recordsBytes, Math.multiplyExact(count, RECORD_WEIGHT_BYTES));
    }

    private void check(int length) {
        boolean sound = payloadBytes == length - HEADER_BYTES
                && recordsBytes > 0
                && recordsBytes <= MAX_BYTES
                && count > 0
                && (long) count * RecordLayout.HEADER_BYTES <= recordsBytes
                && (codec == CODEC_LZ4 || (codec == CODEC_NONE && recordsBytes == payloadBytes));
        if (!sound) {
            throw new IllegalArgumentException("unsound batch of " + length + " bytes: " + this);
        }
    }

    void write(byte[] bytes, int offset) {
        RecordLayout.INT.set(bytes, offset, MAGIC);
        RecordLayout.INT.set(bytes, offset + 4, count);
        RecordLayout.INT.set(bytes, offset + 8, recordsBytes);
        RecordLayout.INT.set(bytes, offset + 12, payloadBytes);
        RecordLayout.LONG.set(bytes, offset + 16, (long) codec);
        RecordLayout.LONG.set(bytes, offset + 24, firstReceivedNs);
    }
}
