package io.skewer.core.encode;

import io.skewer.core.message.BatchBuilder;
import io.skewer.core.message.BatchReader;
import io.skewer.core.message.ByteBuilder;
import io.skewer.core.message.Field;
import io.skewer.core.message.MessageId;
import io.skewer.core.message.Origin;
import io.skewer.core.message.ParseStatus;
import io.skewer.core.message.RecordView;
import io.skewer.core.message.RecordWriter;
import io.skewer.core.message.StructuredData;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** One record made by hand. It begins as the message of the predecessor's reference output. */
public final class Sample {
    private final Map<Field, byte[]> fields = new EnumMap<>(Field.class);
    private final List<String[]> elements = new ArrayList<>();
    private Origin origin = new Origin("tcp", "1.2.3.4", 1514, "");
    private int priority = 34;
    private long reportedNs = 1_528_624_800_123_456_789L;
    private ParseStatus status = ParseStatus.OK;

    public Sample() {
        with(Field.HOST, "host").with(Field.APP, "app").with(Field.PROCID, "42").with(Field.MSGID, "ID1");
        with(Field.MESSAGE, "hello <&> é \t \"q\" \\ \u2028");
        element("d", "k", "v\"]\\");
    }

    public static Sample empty() {
        Sample sample = new Sample();
        sample.fields.clear();
        sample.elements.clear();
        return sample;
    }

    public Sample with(Field field, String text) {
        return with(field, text.getBytes(StandardCharsets.UTF_8));
    }

    public Sample with(Field field, byte[] bytes) {
        fields.put(field, bytes);
        return this;
    }

    /** Domain, key, value, key, value... */
    public Sample element(String... parts) {
        elements.add(parts);
        return this;
    }

    public Sample priority(int value) {
        priority = value;
        return this;
    }

    public Sample reportedNs(long value) {
        reportedNs = value;
        return this;
    }

    public Sample status(ParseStatus value) {
        status = value;
        return this;
    }

    public Sample origin(Origin value) {
        origin = value;
        return this;
    }

    public RecordView record() {
        BatchBuilder builder = new BatchBuilder(new MessageId(() -> 1_000));
        RecordWriter record = builder.begin(origin.toBytes(), 1_528_624_801_000_000_000L);
        record.priority(priority / 8, priority % 8);
        record.reportedNs(reportedNs);
        record.parseStatus(status);
        for (Field field : Field.values()) {
            if (field == Field.STRUCTURED_DATA && !elements.isEmpty()) {
                StructuredData.Writer writer = new StructuredData.Writer().start(record.open(field));
                elements.forEach(element -> write(element, writer));
                record.close(field);
            } else if (fields.containsKey(field)) {
                byte[] bytes = fields.get(field);
                record.put(field, bytes, 0, bytes.length);
            }
        }
        builder.end();
        byte[] batch = builder.seal().bytes();
        BatchReader reader = new BatchReader();
        reader.open(batch, 0, batch.length);
        reader.next();
        return reader.record();
    }

    private static void write(String[] element, StructuredData.Writer writer) {
        byte[] domain = element[0].getBytes(StandardCharsets.UTF_8);
        writer.beginElement(domain, 0, domain.length);
        for (int i = 1; i < element.length; i += 2) {
            byte[] key = element[i].getBytes(StandardCharsets.UTF_8);
            writer.beginParameter(key, 0, key.length);
            writer.value().add(element[i + 1]);
            writer.endParameter();
        }
    }

    public String encoded(String format) {
        return encoded(Encoders.of(format, false));
    }

    public String encoded(Encoder encoder) {
        ByteBuilder out = new ByteBuilder(16);
        encoder.encode(record(), out);
        return out.toString();
    }
}
