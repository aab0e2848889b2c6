package io.skewer.sinks.kafka;

import io.skewer.core.message.Field;
import io.skewer.core.message.RecordView;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Topics and keys as the objects that the producer wants, made once and not for each message. Bounded: a value forgets another one whose
 * place it needs. Used by one thread.
 */
final class Interned {
    private static final int SLOTS = 4096;

    /** A value of a field, as bytes and as text. */
    record Value(byte[] bytes, String text) {}

    private final @Nullable Value[] values = new @Nullable Value[SLOTS];
    private Value last = new Value(new byte[0], "");

    Value get(RecordView record, Field field) {
        byte[] bytes = record.array();
        int from = record.offset(field);
        int to = from + record.length(field);
        if (!isSame(last, bytes, from, to)) {
            last = find(bytes, from, to);
        }
        return last;
    }

    private Value find(byte[] bytes, int from, int to) {
        int hash = 0;
        for (int i = from; i < to; i++) {
            hash = 31 * hash + bytes[i];
        }
        int slot = (hash ^ hash >>> 16) & (SLOTS - 1);
        Value found = values[slot];
        if (found == null || !isSame(found, bytes, from, to)) {
            found = new Value(
                    Arrays.copyOfRange(bytes, from, to), new String(bytes, from, to - from, StandardCharsets.UTF_8));
            values[slot] = found;
        }
        return found;
    }

    private static boolean isSame(Value value, byte[] bytes, int from, int to) {
        return Arrays.equals(value.bytes, 0, value.bytes.length, bytes, from, to);
    }
}
