package io.skewer.store.deadletter;

import io.skewer.store.segment.LittleEndian;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/**
 * One failed record: the body of one frame of a segment of dead letters.
 *
 * <pre>
 * offset size
 *  0     1    form, 1
 *  1     1    reason code
 *  2     2    length of the destination's name
 *  4     2    length of the text
 *  6     2    zero
 *  8     4    length of the record
 * 12     4    how often it was tried
 * 16     8    first tried at, ms since 1970 UTC
 * 24     8    refused at, ms since 1970 UTC
 * 32          destination, text, record
 * </pre>
 *
 * @param destination who refused it
 * @param reasonCode as the forwarder said
 * @param text for the operator
 * @param attempts how often it was tried until it was refused, the tries of all replays included
 * @param firstMs when it was offered first, ms since 1970 UTC
 * @param failedMs when it was refused, ms since 1970 UTC
 * @param record the whole record, in the form of a batch's records
 */
public record DeadLetter(
        String destination, byte reasonCode, String text, int attempts, long firstMs, long failedMs, byte[] record) {
    /** Longer texts are cut. */
    static final int TEXT_BYTES_MAX = 1024;

    private static final int HEAD_BYTES = 32;
    private static final byte FORM = 1;

    byte[] toBytes() {
        byte[] name = destination.getBytes(StandardCharsets.UTF_8);
        byte[] said = text.getBytes(StandardCharsets.UTF_8);
        int saidBytes = Math.min(said.length, TEXT_BYTES_MAX);
        byte[] bytes = new byte[HEAD_BYTES + name.length + saidBytes + record.length];
        bytes[0] = FORM;
        bytes[1] = reasonCode;
        LittleEndian.putShort(bytes, 2, name.length);
        LittleEndian.putShort(bytes, 4, saidBytes);
        LittleEndian.putInt(bytes, 8, record.length);
        LittleEndian.putInt(bytes, 12, attempts);
        LittleEndian.putLong(bytes, 16, firstMs);
        LittleEndian.putLong(bytes, 24, failedMs);
        System.arraycopy(name, 0, bytes, HEAD_BYTES, name.length);
        System.arraycopy(said, 0, bytes, HEAD_BYTES + name.length, saidBytes);
        System.arraycopy(record, 0, bytes, HEAD_BYTES + name.length + saidBytes, record.length);
        return bytes;
    }

    /** @return empty when the bytes are no dead letter of this form */
    public static Optional<DeadLetter> read(byte[] bytes) {
        if (bytes.length < HEAD_BYTES || bytes[0] != FORM) {
            return Optional.empty();
        }
        int name = LittleEndian.getShort(bytes, 2);
        int said = LittleEndian.getShort(bytes, 4);
        int length = LittleEndian.getInt(bytes, 8);
        if (length < 0 || (long) HEAD_BYTES + name + said + length != bytes.length) {
            return Optional.empty();
        }
        int textAt = HEAD_BYTES + name;
        return Optional.of(new DeadLetter(
                new String(bytes, HEAD_BYTES, name, StandardCharsets.UTF_8),
                bytes[1],
                new String(bytes, textAt, said, StandardCharsets.UTF_8),
                LittleEndian.getInt(bytes, 12),
                LittleEndian.getLong(bytes, 16),
                LittleEndian.getLong(bytes, 24),
                Arrays.copyOfRange(bytes, textAt + said, bytes.length)));
    }
}
