package io.skewer.core.message;

import java.security.SecureRandom;
import java.util.function.LongSupplier;

/**
 * Makes the ids of messages: ULIDs (48 bits of milliseconds, 80 bits that start at random and then count), so that the ids of
 * one maker rise, also inside a millisecond and when the clock steps back. One maker per thread.
 */
public final class MessageId {
    public static final int BYTES = 16;
    public static final int TEXT_CHARS = 26;

    private static final char[] CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ".toCharArray();
    private static final int RANDOM_BITS_OF_HIGH = 16;

    private final LongSupplier clockMs;
    private final SecureRandom random = new SecureRandom();
    private long lastMs = -1;
    private long randomHigh;
    private long randomLow;

    public MessageId(LongSupplier clockMs) {
        this.clockMs = clockMs;
    }

    /** Writes the next id into 16 bytes at {@code offset}. */
    public void next(byte[] target, int offset) {
        advance();
        RecordLayout.LONG_BIG_ENDIAN.set(target, offset, (lastMs << RANDOM_BITS_OF_HIGH) | randomHigh);
        RecordLayout.LONG_BIG_ENDIAN.set(target, offset + 8, randomLow);
    }

    private void advance() {
        long now = clockMs.getAsLong();
        if (now > lastMs) {
            lastMs = now;
            // The top bits stay clear, so that counting inside a millisecond cannot overflow.
            randomHigh = random.nextInt() & 0x7FFF;
            randomLow = random.nextLong();
        } else if (++randomLow == 0) {
            randomHigh = (randomHigh + 1) & 0xFFFF;
        }
    }

    /** Adds the 26 characters of Crockford's base 32. */
    public static void addText(byte[] id, int offset, ByteBuilder out) {
        long high = (long) RecordLayout.LONG_BIG_ENDIAN.get(id, offset);
        long low = (long) RecordLayout.LONG_BIG_ENDIAN.get(id, offset + 8);
        out.reserve(TEXT_CHARS);
        for (int digit = TEXT_CHARS - 1; digit >= 0; digit--) {
            out.add(CROCKFORD[bitsAt(high, low, 5 * digit)]);
        }
    }

    private static int bitsAt(long high, long low, int shift) {
        long bits;
        if (shift >= 64) {
            bits = high >>> (shift - 64);
        } else if (shift > 59) {
            bits = (low >>> shift) | (high << (64 - shift));
        } else {
            bits = low >>> shift;
        }
        return (int) (bits & 31);
    }

    public static String text(byte[] id, int offset) {
        ByteBuilder out = new ByteBuilder(TEXT_CHARS);
        addText(id, offset, out);
        return out.toString();
    }
}
