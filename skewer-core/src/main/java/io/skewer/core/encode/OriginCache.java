package io.skewer.core.encode;

import io.skewer.core.message.Field;
import io.skewer.core.message.Origin;
import io.skewer.core.message.RecordView;
import java.util.Arrays;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Bytes that follow from the {@link Origin} of a record, computed once per sender, not once per message. Forgets a sender when another
 * one needs its place, so the memory is bounded. Used by one thread.
 */
final class OriginCache {
    private static final int SLOTS = 256;
    private static final Origin UNKNOWN = new Origin("", "", 0, "");

    private record Entry(byte[] origin, byte[] rendered) {}

    private final @Nullable Entry[] entries = new @Nullable Entry[SLOTS];
    private final Function<Origin, byte[]> rendering;

    OriginCache(Function<Origin, byte[]> rendering) {
        this.rendering = rendering;
    }

    /** @throws IllegalArgumentException when the record's origin is none */
    byte[] get(RecordView record) {
        byte[] bytes = record.array();
        int from = record.offset(Field.ORIGIN);
        int to = from + record.length(Field.ORIGIN);
        int hash = 0;
        for (int i = from; i < to; i++) {
            hash = 31 * hash + bytes[i];
        }
        int slot = (hash ^ hash >>> 16) & (SLOTS - 1);
        Entry entry = entries[slot];
        if (entry == null || !Arrays.equals(entry.origin, 0, entry.origin.length, bytes, from, to)) {
            Origin origin = from == to ? UNKNOWN : Origin.of(bytes, from, to - from);
            entry = new Entry(Arrays.copyOfRange(bytes, from, to), rendering.apply(origin));
            entries[slot] = entry;
        }
        return entry.rendered;
    }
}
