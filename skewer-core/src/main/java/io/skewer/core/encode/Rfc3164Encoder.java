package io.skewer.core.encode;

import io.skewer.core.message.ByteBuilder;
import io.skewer.core.message.Field;
import io.skewer.core.message.RecordView;
import java.nio.charset.StandardCharsets;

/**
 * The format {@code rfc3164}: {@code <PRI>Mmm dd hh:mm:ss HOST APP[PROCID]: MSG}, in UTC.
 *
 * <p>Without PROCID there are no brackets, without APP and PROCID no tag. Without HOST the address of the sender stands there, which is
 * what RFC 3164 section 4.3.2 asks of a relay (the predecessor wrote its own name), or {@code -}. Fields are cleaned to visible ASCII; the message follows {@link PlainText}'s rule for lines.
 */
final class Rfc3164Encoder implements Encoder {
    private static final int NAME_MAX_BYTES = 255;

    private final boolean singleLine;
    private final TimeText time = new TimeText();
    private final OriginCache senders =
            new OriginCache(origin -> origin.clientAddress().getBytes(StandardCharsets.UTF_8));

    Rfc3164Encoder(boolean singleLine) {
        this.singleLine = singleLine;
    }

    @Override
    public void encode(RecordView record, ByteBuilder out) {
        out.add('<').addDecimal(record.priority()).add('>');
        time.addRfc3164(record.reportedNs(), out);
        out.add(' ');
        if (record.has(Field.HOST)) {
            addName(record, Field.HOST, out);
        } else {
            byte[] sender = senders.get(record);
            PlainText.addName(sender, 0, sender.length, NAME_MAX_BYTES, out);
        }
        out.add(' ');
        if (record.has(Field.APP) || record.has(Field.PROCID)) {
            addTag(record, out);
        }
        PlainText.addMessage(
                record.array(), record.offset(Field.MESSAGE), record.length(Field.MESSAGE), singleLine, out);
    }

    private static void addTag(RecordView record, ByteBuilder out) {
        addName(record, Field.APP, out);
        if (record.has(Field.PROCID)) {
            out.add('[');
            addName(record, Field.PROCID, out);
            out.add(']');
        }
        out.add(':').add(' ');
    }

    private static void addName(RecordView record, Field field, ByteBuilder out) {
        PlainText.addName(record.array(), record.offset(field), record.length(field), NAME_MAX_BYTES, out);
    }
}
