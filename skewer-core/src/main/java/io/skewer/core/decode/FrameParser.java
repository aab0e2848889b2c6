package io.skewer.core.decode;

import io.skewer.core.message.ParseStatus;
import io.skewer.core.message.RecordWriter;

/** One syslog format: what {@link FrameDecoder} asks once a frame is UTF-8 and without line end. Belongs to one thread. */
interface FrameParser {
    /**
     * Writes the fields up to {@link io.skewer.core.message.Field#MESSAGE}, in order; the caller adds the frame itself and the
     * status. Runs in time linear to the frame and never throws for what the frame holds.
     *
     * @param frame read from {@code start} to {@code end}, at least one byte
     * @return how well it was understood; after {@link ParseStatus#RAW} the caller throws away what was written
     */
    ParseStatus parse(byte[] frame, int start, int end, RecordWriter record);
}
