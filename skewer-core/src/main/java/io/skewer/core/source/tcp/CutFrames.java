package io.skewer.core.source.tcp;

import io.skewer.core.measure.Counter;
import io.skewer.core.measure.Measures;

/** Counts what was cut off from messages that were too long. Safe for use by several threads. */
final class CutFrames {
    private final Counter frames;
    private final Counter bytes;

    CutFrames(Measures measures, String source) {
        frames = measures.counter(
                "skewer_cut_messages_total", "Messages cut at the longest length allowed.", "source", source);
        bytes = measures.counter(
                "skewer_dropped_bytes_total",
                "Bytes of messages that were dropped.",
                "source",
                source,
                "reason",
                "oversize");
    }

    void add(long cutFrames, long skippedBytes) {
        if (cutFrames != 0) {
            frames.add(cutFrames);
        }
        if (skippedBytes != 0) {
            bytes.add(skippedBytes);
        }
    }
}
