package io.skewer.core.message;

import java.util.Arrays;
import net.jpountz.lz4.LZ4Compressor;
import net.jpountz.lz4.LZ4Factory;

/**
 * Collects records and seals them into a batch. Reused batch after batch; used by one thread.
 *
 * <pre>
 * RecordWriter record = builder.begin(origin, receivedNs);
 * decoder.decode(frame, 0, length, record);
 * builder.end();
 * if (builder.isFull()) { outlet.handOver(builder.seal(), ...); }
 * </pre>
 */
public final class BatchBuilder {
    private final ByteBuilder records = new ByteBuilder(Batch.TARGET_BYTES + 64 * 1024);
    private final RecordWriter writer;
    private final RecordView view = new RecordView();
    private final LZ4Compressor compressor = LZ4Factory.fastestInstance().fastCompressor();
    private byte[] scratch = new byte[0];
    private int count;
    private long firstReceivedNs;

    public BatchBuilder(MessageId ids) {
        writer = new RecordWriter(records, ids);
    }

    /** Starts the next record. */
    public RecordWriter begin(byte[] origin, long receivedNs) {
        if (count == 0) {
            firstReceivedNs = receivedNs;
        }
        writer.begin(origin, receivedNs);
        return writer;
    }

    /**
     * A look at the record that is being written, all of whose decoded fields are there; topic and key may still be added. Valid
     * until the next call of the writer.
     */
    public RecordView look() {
        RecordLayout.INT.set(records.array(), writer.start(), records.length() - writer.start());
        return view.wrap(records.array(), writer.start(), records.length());
    }

    /** Ends the record and makes it part of the batch. */
    public void end() {
        writer.end();
        count++;
    }

    /** Takes the record back that is being written. */
    public void abandon() {
        writer.abandon();
    }

    public int count() {
        return count;
    }

    public int recordsBytes() {
        return records.length();
    }

    public boolean isEmpty() {
        return count == 0;
    }

    public boolean isFull() {
        return records.length() >= Batch.TARGET_BYTES;
    }

    /**
     * Makes a batch of all records ended so far and starts the next one.
     *
     * @throws IllegalStateException when there is no record, or one is not ended
     */
    public SealedBatch seal() {
        if (count == 0 || writer.start() >= 0) {
            throw new IllegalStateException(count + " records ended, none may be open");
        }
        int length = records.length();
        int bound = compressor.maxCompressedLength(length) + Batch.HEADER_BYTES;
        if (scratch.length < bound) {
            scratch = new byte[bound];
        }
        int packed = compressor.compress(
                records.array(), 0, length, scratch, Batch.HEADER_BYTES, bound - Batch.HEADER_BYTES);
        byte codec = Batch.CODEC_LZ4;
        if (packed >= length) {
            System.arraycopy(records.array(), 0, scratch, Batch.HEADER_BYTES, length);
            packed = length;
            codec = Batch.CODEC_NONE;
        }
        new Batch(count, length, packed, codec, firstReceivedNs).write(scratch, 0);
        SealedBatch sealed = new SealedBatch(Arrays.copyOf(scratch, Batch.HEADER_BYTES + packed), count);
        records.clear();
        count = 0;
        return sealed;
    }
}
