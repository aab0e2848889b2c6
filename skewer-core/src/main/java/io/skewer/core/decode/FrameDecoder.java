package io.skewer.core.decode;

import io.skewer.core.message.Field;
import io.skewer.core.message.ParseStatus;
import io.skewer.core.message.RecordWriter;
import org.jspecify.annotations.Nullable;

/**
 * What all formats share: the character set before the {@link FrameParser}, the promise that no byte is lost after it.
 *
 * <p>The promise, by status: OK, all that the frame says is in the fields; REPAIRED and PARTIAL, the frame as it came is in
 * {@link Field#RAW}; RAW, it is {@link Field#MESSAGE}. Carriage returns, line feeds and NULs at the very end belong to the
 * framing (senders end datagrams with them) and not to the message.
 */
final class FrameDecoder implements Decoder {
    private final FrameParser parser;
    private final @Nullable Transcoder transcoder;
    private final boolean keepRaw;

    /** @param transcoder null when frames are UTF-8 */
    FrameDecoder(FrameParser parser, @Nullable Transcoder transcoder, boolean keepRaw) {
        this.parser = parser;
        this.transcoder = transcoder;
        this.keepRaw = keepRaw;
    }

    @Override
    public void decode(byte[] frame, int offset, int length, RecordWriter record) {
        byte[] text = frame;
        int start = offset;
        int end = offset + length;
        boolean lossy = false;
        if (transcoder != null && transcoder.convert(frame, offset, length)) {
            text = transcoder.array();
            start = 0;
            end = transcoder.length();
            lossy = transcoder.isLossy();
        }
        int textEnd = Scan.endOfText(text, start, end);
        ParseStatus status = textEnd == start ? ParseStatus.RAW : parser.parse(text, start, textEnd, record);
        if (status == ParseStatus.RAW) {
            record.restart();
            record.put(Field.MESSAGE, text, start, end - start);
        } else if (status == ParseStatus.OK && (lossy || Scan.hasBlank(text, textEnd, end))) {
            status = ParseStatus.REPAIRED;
        }
        boolean changed = status == ParseStatus.REPAIRED || status == ParseStatus.PARTIAL;
        if (keepRaw || lossy || changed) {
            record.put(Field.RAW, frame, offset, length);
        }
        record.parseStatus(status);
    }
}
