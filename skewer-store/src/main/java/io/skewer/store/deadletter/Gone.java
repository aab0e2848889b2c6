package io.skewer.store.deadletter;

import io.skewer.store.segment.LittleEndian;
import java.util.Optional;

/**
 * Says that letters are no letters any more: dropped by the operator, or delivered after all. The other body that a frame of a segment of
 * dead letters can have.
 *
 * <pre>
 * offset size
 *  0     1    form, 2
 *  1     7    zero
 *  8     8    number of the first letter
 * 16     8    number behind the last letter
 * </pre>
 *
 * @param from the first letter
 * @param to behind the last one
 */
public record Gone(long from, long to) {
    private static final byte FORM = 2;
    private static final int BYTES = 24;

    byte[] toBytes() {
        byte[] bytes = new byte[BYTES];
        bytes[0] = FORM;
        LittleEndian.putLong(bytes, 8, from);
        LittleEndian.putLong(bytes, 16, to);
        return bytes;
    }

    /** @return empty when the bytes are nothing of that form */
    public static Optional<Gone> read(byte[] bytes) {
        if (bytes.length != BYTES || bytes[0] != FORM) {
            return Optional.empty();
        }
        Gone gone = new Gone(LittleEndian.getLong(bytes, 8), LittleEndian.getLong(bytes, 16));
        return gone.from > 0 && gone.from < gone.to ? Optional.of(gone) : Optional.empty();
    }
}
