package io.skewer.core.encode;

import io.skewer.core.message.ByteBuilder;
import io.skewer.core.message.RecordView;

/** Renders records in one format. An instance has scratch space and belongs to one thread. */
public interface Encoder {
    /**
     * Adds the record, without a line end, to {@code out}. Never changes the record; values that the format cannot carry are
     * cleaned as the format's class says, so that no message is undeliverable for its content.
     */
    void encode(RecordView record, ByteBuilder out);
}
