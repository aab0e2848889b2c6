package io.skewer.core.decode;

import io.skewer.core.message.RecordWriter;

/**
 * Turns one frame into one record. Implementations are byte scanners: one pass, no object per message, no state between frames
 * other than reused scratch; so an instance belongs to one thread.
 */
public interface Decoder {
    /**
     * Writes what the frame says into the record that was begun. Never throws for bad input and never loses a byte: what is not
     * understood is kept as {@link io.skewer.core.message.Field#MESSAGE} with
     * {@link io.skewer.core.message.ParseStatus#RAW}, and where a repair changed the text, the frame itself is kept as
     * {@link io.skewer.core.message.Field#RAW}.
     *
     * @param frame the bytes; not changed, not kept
     * @param length at least 1
     * @param record begun, without fields other than the origin; the caller ends it
     */
    void decode(byte[] frame, int offset, int length, RecordWriter record);
}
