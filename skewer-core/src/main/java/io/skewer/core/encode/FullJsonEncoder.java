package io.skewer.core.encode;

import io.skewer.core.message.ByteBuilder;
import io.skewer.core.message.Field;
import io.skewer.core.message.MessageId;
import io.skewer.core.message.Origin;
import io.skewer.core.message.RecordView;
import java.nio.charset.StandardCharsets;

/**
 * The format {@code fulljson}: the object of {@link JsonEncoder} as {@code fields}, and before it where the message came in:
 * {@code client_addr, source_type, source_path} when not empty, {@code source_port}, {@code uid} (a ULID), {@code parse_status}, and {@code raw}
 * or {@code raw_b64} where the record carries the frame.
 */
final class FullJsonEncoder implements Encoder {
    private static final byte[] FIELDS = ",\"fields\":".getBytes(StandardCharsets.US_ASCII);

    private final JsonEncoder fields;
    private final OriginCache origins = new OriginCache(FullJsonEncoder::render);

    FullJsonEncoder(boolean addMissingMsgid) {
        fields = new JsonEncoder(addMissingMsgid);
    }

    @Override
    public void encode(RecordView record, ByteBuilder out) {
        out.add(origins.get(record));
        MessageId.addText(record.array(), record.idOffset(), out);
        out.add('"');
        JsonEncoder.addStatus(record, out);
        out.add(FIELDS);
        fields.addFields(record, record.has(Field.RAW), out);
        out.add('}').add('}');
    }

    /** Everything up to the first character of the id. */
    private static byte[] render(Origin origin) {
        ByteBuilder out = new ByteBuilder(128).add('{');
        addText("client_addr", origin.clientAddress(), out);
        addText("source_type", origin.sourceType(), out);
        addText("source_path", origin.path(), out);
        return out.add("\"source_port\":")
                .addDecimal(origin.port())
                .add(",\"uid\":\"")
                .toByteArray();
    }

    private static void addText(String key, String value, ByteBuilder out) {
        if (!value.isEmpty()) {
            byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
            out.add('"').add(key).add("\":\"");
            JsonText.add(bytes, 0, bytes.length, out);
            out.add('"').add(',');
        }
    }
}
