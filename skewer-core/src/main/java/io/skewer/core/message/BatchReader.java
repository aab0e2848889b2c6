package io.skewer.core.message;

import net.jpountz.lz4.LZ4Exception;
import net.jpountz.lz4.LZ4Factory;
import net.jpountz.lz4.LZ4SafeDecompressor;

/**
 * Opens batches and walks over their records in place. Reused batch after batch; used by one thread.
 *
 * <pre>
 * reader.open(bytes, 0, bytes.length);
 * while (reader.next()) { encoder.encode(reader.record(), out); }
 * </pre>
 */
public final class BatchReader {
    private final LZ4SafeDecompressor decompressor =
            LZ4Factory.fastestInstance().safeDecompressor();
    private final RecordView record = new RecordView();
    private byte[] unpacked = new byte[Batch.TARGET_BYTES + 64 * 1024];
    private byte[] records = unpacked;
    private int at;
    private int end;
    private int index;
    private int count;

    /**
     * Moves before the first record of a batch. The records stay readable until the next call.
     *
     * @throws IllegalArgumentException when the bytes are no batch
     */
    public Batch open(byte[] bytes, int offset, int length) {
        Batch batch = Batch.read(bytes, offset, length);
        int payload = offset + Batch.HEADER_BYTES;
        if (batch.codec() == Batch.CODEC_NONE) {
            records = bytes;
            at = payload;
        } else {
            unpack(bytes, payload, batch);
            records = unpacked;
            at = 0;
        }
        end = at + batch.recordsBytes();
        index = -1;
        count = batch.count();
        return batch;
    }

    private void unpack(byte[] bytes, int payload, Batch batch) {
        if (unpacked.length < batch.recordsBytes()) {
            unpacked = new byte[batch.recordsBytes()];
        }
        int size;
        try {
            size = decompressor.decompress(bytes, payload, batch.payloadBytes(), unpacked, 0, batch.recordsBytes());
        } catch (LZ4Exception cause) {
            throw new IllegalArgumentException("payload does not decompress", cause);
        }
        if (size != batch.recordsBytes()) {
            throw new IllegalArgumentException(
                    "payload decompresses to " + size + " of " + batch.recordsBytes() + " bytes");
        }
    }

    /**
     * Moves to the next record.
     *
     * @return false behind the last one
     * @throws IllegalArgumentException when the records do not add up to the batch
     */
    public boolean next() {
        if (index + 1 == count) {
            if (at != end) {
                throw new IllegalArgumentException((end - at) + " bytes behind the last record");
            }
            return false;
        }
        record.wrap(records, at, end);
        at += record.length();
        index++;
        return true;
    }

    /** The record at which {@link #next()} stands. */
    public RecordView record() {
        return record;
    }

    /** The place of that record in its batch, from 0. */
    public int index() {
        return index;
    }
}
