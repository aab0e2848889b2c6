package io.skewer.core.encode;

import io.skewer.core.message.ByteBuilder;
import io.skewer.core.message.Field;
import io.skewer.core.message.RecordView;

/**
 * The format {@code file}, for people: {@code TIME HOST APP MSG}, the time in UTC with all digits that are known, {@code -} for an empty
 * host or app. Host and app are cleaned to visible ASCII; the message follows {@link PlainText}'s rule for lines.
 */
final class FileEncoder implements Encoder {
    private static final int NAME_MAX_BYTES = 255;

    private final boolean singleLine;
    private final TimeText time = new TimeText();

    FileEncoder(boolean singleLine) {
        this.singleLine = singleLine;
    }

    @Override
    public void encode(RecordView record, ByteBuilder out) {
        time.addRfc3339(record.reportedNs(), out);
        addName(record, Field.HOST, out);
        addName(record, Field.APP, out);
        out.add(' ');
        PlainText.addMessage(
                record.array(), record.offset(Field.MESSAGE), record.length(Field.MESSAGE), singleLine, out);
    }

    private static void addName(RecordView record, Field field, ByteBuilder out) {
        out.add(' ');
        PlainText.addName(record.array(), record.offset(field), record.length(field), NAME_MAX_BYTES, out);
    }
}
