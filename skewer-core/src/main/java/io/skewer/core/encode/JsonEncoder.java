package io.skewer.core.encode;

import io.skewer.core.message.ByteBuilder;
import io.skewer.core.message.Facility;
import io.skewer.core.message.Field;
import io.skewer.core.message.MessageId;
import io.skewer.core.message.ParseStatus;
import io.skewer.core.message.RecordView;
import io.skewer.core.message.Severity;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;

/**
 * The format {@code json}: one object in one line, always in the same order.
 *
 * <p>{@code facility, severity, timereported, timegenerated} always; {@code hostname, appname, procid, msgid, message, properties} when
 * there are any. Properties are an object per domain; a repeated parameter is an array of its values, and elements of one domain are one.
 * Times are UTC with all digits that are known.
 *
 * <p>When the frame did not follow its format, {@code parse_status} says how far it was understood and, where the record carries it, {@code raw}
 * is the frame as it came ({@code raw_b64}, base64, when it is not UTF-8). A message that is not UTF-8 is readable in {@code message}, with
 * U+FFFD, and complete in {@code message_b64} unless the raw frame is there. So no byte is lost.
 */
final class JsonEncoder implements Encoder {
    private static final byte[] TIME_GENERATED = ascii("\",\"timegenerated\":\"");
    private static final byte[] HOSTNAME = ascii(",\"hostname\":\"");
    private static final byte[] APPNAME = ascii(",\"appname\":\"");
    private static final byte[] PROCID = ascii(",\"procid\":\"");
    private static final byte[] MSGID = ascii(",\"msgid\":\"");
    private static final byte[] MESSAGE = ascii(",\"message\":\"");
    private static final byte[] MESSAGE_BASE64 = ascii(",\"message_b64\":\"");
    private static final byte[] PROPERTIES = ascii(",\"properties\":{");
    private static final byte[] PARSE_STATUS = ascii(",\"parse_status\":\"");
    private static final byte[] RAW = ascii(",\"raw\":\"");
    private static final byte[] RAW_BASE64 = ascii(",\"raw_b64\":\"");
    private static final byte[][] STATUS_LABELS = Arrays.stream(ParseStatus.values())
            .map(status -> ascii(status.label()))
            .toArray(byte[][]::new);
    private static final byte[][] OPENINGS = openings();

    private final boolean addMissingMsgid;
    private final TimeText reported = new TimeText();
    private final TimeText received = new TimeText();
    private final PropertyTable properties = new PropertyTable();

    JsonEncoder(boolean addMissingMsgid) {
        this.addMissingMsgid = addMissingMsgid;
    }

    @Override
    public void encode(RecordView record, ByteBuilder out) {
        boolean isOk = record.parseStatus() == ParseStatus.OK;
        addFields(record, !isOk && record.has(Field.RAW), out);
        if (!isOk) {
            addStatus(record, out);
        }
        out.add('}');
    }

    /** The object without its closing brace. */
    void addFields(RecordView record, boolean rawFollows, ByteBuilder out) {
        out.add(OPENINGS[record.priority()]);
        reported.addRfc3339(record.reportedNs(), out);
        out.add(TIME_GENERATED);
        received.addRfc3339(record.receivedNs(), out);
        out.add('"');
        addText(HOSTNAME, record, Field.HOST, out);
        addText(APPNAME, record, Field.APP, out);
        addText(PROCID, record, Field.PROCID, out);
        if (addMissingMsgid && !record.has(Field.MSGID)) {
            out.add(MSGID);
            MessageId.addText(record.array(), record.idOffset(), out);
            out.add('"');
        } else {
            addText(MSGID, record, Field.MSGID, out);
        }
        boolean wellFormed = addText(MESSAGE, record, Field.MESSAGE, out);
        if (!wellFormed && !rawFollows) {
            addBase64(MESSAGE_BASE64, record, Field.MESSAGE, out);
        }
        if (record.has(Field.STRUCTURED_DATA)) {
            addProperties(record, out);
        }
    }

    /** {@code ,"parse_status":"..."} and the raw frame, where there is one. */
    static void addStatus(RecordView record, ByteBuilder out) {
        out.add(PARSE_STATUS).add(STATUS_LABELS[record.parseStatus().ordinal()]).add('"');
        if (!record.has(Field.RAW)) {
            return;
        }
        if (Utf8.isValid(record.array(), record.offset(Field.RAW), record.length(Field.RAW))) {
            addText(RAW, record, Field.RAW, out);
        } else {
            addBase64(RAW_BASE64, record, Field.RAW, out);
        }
    }

    private static boolean addText(byte[] key, RecordView record, Field field, ByteBuilder out) {
        int length = record.length(field);
        if (length == 0) {
            return true;
        }
        out.add(key);
        boolean wellFormed = JsonText.add(record.array(), record.offset(field), length, out);
        out.add('"');
        return wellFormed;
    }

    private static void addBase64(byte[] key, RecordView record, Field field, ByteBuilder out) {
        ByteBuffer text = Base64.getEncoder()
                .encode(ByteBuffer.wrap(record.array(), record.offset(field), record.length(field))
                        .slice());
        out.add(key).add(text.array(), 0, text.remaining()).add('"');
    }

    private void addProperties(RecordView record, ByteBuilder out) {
        properties.load(record);
        out.add(PROPERTIES);
        for (int domain = properties.firstDomain(); domain != PropertyTable.NONE; domain = properties.next(domain)) {
            addName(domain, out);
            out.add('{');
            for (int key = properties.firstKey(domain); key != PropertyTable.NONE; key = properties.next(key)) {
                addName(key, out);
                addValues(key, out);
                out.add(',');
            }
            closeList(out, '}');
            out.add(',');
        }
        closeList(out, '}');
    }

    private void addName(int node, ByteBuilder out) {
        out.add('"');
        JsonText.add(properties.array(), properties.nameOffset(node), properties.nameLength(node), out);
        out.add('"').add(':');
    }

    private void addValues(int key, ByteBuilder out) {
        boolean isRepeated = properties.nextValue(key) != PropertyTable.NONE;
        if (isRepeated) {
            out.add('[');
        }
        for (int value = key; value != PropertyTable.NONE; value = properties.nextValue(value)) {
            out.add('"');
            JsonText.add(properties.array(), properties.valueOffset(value), properties.valueLength(value), out);
            out.add('"').add(',');
        }
        out.truncate(out.length() - 1);
        if (isRepeated) {
            out.add(']');
        }
    }

    /** Puts the end of a list in place of its last comma, or behind its opening when it is empty. */
    private static void closeList(ByteBuilder out, char end) {
        if (out.array()[out.length() - 1] == ',') {
            out.truncate(out.length() - 1);
        }
        out.add(end);
    }

    private static byte[][] openings() {
        byte[][] all = new byte[(Facility.MAX + 1) * (Severity.MAX + 1)][];
        for (int priority = 0; priority < all.length; priority++) {
            all[priority] = ascii("{\"facility\":\"" + Facility.name(priority / 8) + "\",\"severity\":\""
                    + Severity.name(priority % 8) + "\",\"timereported\":\"");
        }
        return all;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
