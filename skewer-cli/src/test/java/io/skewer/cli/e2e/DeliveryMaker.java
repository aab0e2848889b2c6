package io.skewer.cli.e2e;

import io.skewer.core.message.BatchBuilder;
import io.skewer.core.message.Field;
import io.skewer.core.message.MessageId;
import io.skewer.core.message.Origin;
import io.skewer.core.message.RecordWriter;
import io.skewer.sinks.Delivery;
import java.nio.charset.StandardCharsets;

/** Makes what a store would offer to a sink. */
final class DeliveryMaker {
    private static final long TIME_NS = 1_528_624_800_123_456_789L;

    private final BatchBuilder builder = new BatchBuilder(new MessageId(() -> 1_000));
    private final byte[] origin = new Origin("tcp", "1.2.3.4", 1514, "").toBytes();
    private long number;

    DeliveryMaker add(String app, String message, String topic, String key) {
        RecordWriter record = builder.begin(origin, TIME_NS);
        record.priority(4, 2);
        record.reportedNs(TIME_NS);
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
    Delivery take() {
        return new Delivery(number++, 0, builder.seal().bytes());
    }
}
