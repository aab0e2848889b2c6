package io.skewer.sinks;

import io.skewer.core.message.Batch;
import io.skewer.core.message.BatchBuilder;
import io.skewer.core.message.BatchReader;
import io.skewer.core.message.Field;
import io.skewer.core.message.MessageId;
import io.skewer.core.message.Origin;
import io.skewer.core.message.RecordWriter;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Makes batches by hand. */
public final class Batches {
    private static final long TIME_NS = 1_528_624_800_123_456_789L;

    private static final int FORMAT_OFFSET = 4;

    private final BatchBuilder builder = new BatchBuilder(new MessageId(() -> 1_000));
    private final byte[] origin = new Origin("tcp", "1.2.3.4", 1514, "").toBytes();
    private long number;

    public Batches add(String app, String message) {
        return add(app, message, "", "");
    }

    public Batches add(String app, String message, String topic, String key) {
        RecordWriter record = builder.begin(origin, TIME_NS);
        record.priority(4, 2);
        record.reportedNs(TIME_NS);
        put(record, Field.HOST, "host");
        put(record, Field.APP, app);
        put(record, Field.MESSAGE, message);
        put(record, Field.TOPIC, topic);
        put(record, Field.KEY, key);
        builder.end();
        return this;
    }

    private static void put(RecordWriter record, Field field, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        record.put(field, bytes, 0, bytes.length);
    }

    /** All added since the last call, as the next batch. */
    public Delivery take() {
        return new Delivery(number++, 0, builder.seal().bytes());
    }

    /** As {@link #take}, but from the record of that number on the bytes are no records. */
    public Delivery takeDamagedFrom(int record) {
        byte[] sound = builder.seal().bytes();
        BatchReader reader = new BatchReader();
        Batch head = reader.open(sound, 0, sound.length);
        byte[] batch = new byte[Batch.HEADER_BYTES + head.recordsBytes()];
        // Not compressed, so that one byte changes one record.
        ByteBuffer out = ByteBuffer.wrap(batch).order(ByteOrder.LITTLE_ENDIAN).put(sound, 0, 12);
        out.putInt(head.recordsBytes()).position(Batch.HEADER_BYTES);
        while (reader.next()) {
            int at = out.position();
            out.put(
                    reader.record().array(),
                    reader.record().offset(),
                    reader.record().length());
            if (reader.index() == record) {
                batch[at + FORMAT_OFFSET] ^= 0x55;
            }
        }
        return new Delivery(number++, 0, batch);
    }
}
