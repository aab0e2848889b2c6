package io.skewer.core.source;

import io.skewer.core.message.ByteBuilder;
import io.skewer.core.message.RecordView;

/** Writes a name that a message travels under, its topic or its partition key. An instance belongs to one thread. */
@FunctionalInterface
public interface Namer {
    /** Gives no name. */
    Namer NONE = (record, out) -> {};

    /**
     * Adds the name, or nothing when the message has none.
     *
     * @param record all decoded fields of the message; valid during the call
     * @param out only to be added to
     */
    void name(RecordView record, ByteBuilder out);
}
