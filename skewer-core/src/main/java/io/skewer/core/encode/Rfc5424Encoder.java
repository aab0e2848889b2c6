package io.skewer.core.encode;

import io.skewer.core.message.ByteBuilder;
import io.skewer.core.message.Field;
import io.skewer.core.message.MessageId;
import io.skewer.core.message.RecordView;
import io.skewer.core.message.StructuredData;
import java.nio.charset.StandardCharsets;

/**
 * The format {@code rfc5424}: {@code <PRI>1 TIME HOST APP PROCID MSGID SD[ MSG]}.
 *
 * <p>Header fields and SD-NAMEs are cleaned and cut to the lengths of RFC 5424 section 6, values escaped; SD elements keep their order. A
 * message whose sender said no time gets the time at which it was received. The message follows {@link PlainText}'s rule for lines; no
 * byte order mark is added.
 */
final class Rfc5424Encoder implements Encoder {
    private static final int HOST_MAX_BYTES = 255;
    private static final int APP_MAX_BYTES = 48;
    private static final int PROCID_MAX_BYTES = 128;
    private static final int MSGID_MAX_BYTES = 32;
    private static final int SD_NAME_MAX_BYTES = 32;
    private static final byte[] VERSION = ">1 ".getBytes(StandardCharsets.US_ASCII);

    private final boolean addMissingMsgid;
    private final boolean singleLine;
    private final TimeText time = new TimeText();
    private final StructuredData.Walker walker = new StructuredData.Walker();

    Rfc5424Encoder(boolean addMissingMsgid, boolean singleLine) {
        this.addMissingMsgid = addMissingMsgid;
        this.singleLine = singleLine;
    }

    @Override
    public void encode(RecordView record, ByteBuilder out) {
        out.add('<').addDecimal(record.priority()).add(VERSION);
        time.addRfc5424(record.reportedNs(), out);
        addHeader(record, Field.HOST, HOST_MAX_BYTES, out);
        addHeader(record, Field.APP, APP_MAX_BYTES, out);
        addHeader(record, Field.PROCID, PROCID_MAX_BYTES, out);
        if (addMissingMsgid && !record.has(Field.MSGID)) {
            out.add(' ');
            MessageId.addText(record.array(), record.idOffset(), out);
        } else {
            addHeader(record, Field.MSGID, MSGID_MAX_BYTES, out);
        }
        out.add(' ');
        if (record.has(Field.STRUCTURED_DATA)) {
            addElements(record, out);
        } else {
            out.add('-');
        }
        if (record.has(Field.MESSAGE)) {
            out.add(' ');
            PlainText.addMessage(
                    record.array(), record.offset(Field.MESSAGE), record.length(Field.MESSAGE), singleLine, out);
        }
    }

    private static void addHeader(RecordView record, Field field, int maxBytes, ByteBuilder out) {
        out.add(' ');
        PlainText.addName(record.array(), record.offset(field), record.length(field), maxBytes, out);
    }

    private void addElements(RecordView record, ByteBuilder out) {
        walker.start(record);
        while (walker.nextElement()) {
            out.add('[');
            addSdName(out);
            while (walker.nextParameter()) {
                out.add(' ');
                addSdName(out);
                out.add('=').add('"');
                PlainText.addParameterValue(
                        walker.array(), walker.valueOffset(), walker.valueLength(), singleLine, out);
                out.add('"');
            }
            out.add(']');
        }
    }

    /** RFC 5424 section 6.3.2: visible ASCII except {@code = ] "}, which become {@code ?}. */
    private void addSdName(ByteBuilder out) {
        int start = out.length();
        PlainText.addName(walker.array(), walker.nameOffset(), walker.nameLength(), SD_NAME_MAX_BYTES, out);
        byte[] bytes = out.array();
        for (int i = start; i < out.length(); i++) {
            if (bytes[i] == '=' || bytes[i] == ']' || bytes[i] == '"') {
                bytes[i] = '?';
            }
        }
    }
}
