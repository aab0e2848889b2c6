package io.skewer.ipc.seal;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * What a trailer vouches for besides the payload, always spelled out the same way: head of the frame (8 bytes), direction (1),
 * counter (8, little-endian).
 */
final class FrameContext {
    static final int BYTES = FrameSeal.HEAD_BYTES + 1 + Long.BYTES;

    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN)
            .withInvokeExactBehavior();

    private final byte[] bytes = new byte[BYTES];
    private long counter;

    FrameContext(Direction direction, long firstCounter) {
        bytes[FrameSeal.HEAD_BYTES] = direction.code();
        counter = firstCounter;
    }

    boolean isExhausted() {
        return counter >= FrameSeal.MAX_FRAMES;
    }

    long counter() {
        return counter;
    }

    /** The context of the frame now at hand; valid until the next call. */
    byte[] of(byte[] frame) {
        System.arraycopy(frame, 0, bytes, 0, FrameSeal.HEAD_BYTES);
        LONG.set(bytes, FrameSeal.HEAD_BYTES + 1, counter);
        return bytes;
    }

    void next() {
        counter++;
    }

    static void putLong(byte[] target, int offset, long value) {
        LONG.set(target, offset, value);
    }

    static long getLong(byte[] source, int offset) {
        return (long) LONG.get(source, offset);
    }
}
