package io.skewer.core.template;

import io.skewer.core.message.ByteBuilder;
import io.skewer.core.message.RecordView;

/** One piece of a compiled template. */
@FunctionalInterface
interface Part {
    void render(RecordView record, ByteBuilder out);
}
