package io.skewer.ipc.link;

import io.skewer.ipc.seal.FrameSeal;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** The head of a frame, as {@link Link} describes it, and the limits that are checked before anything is allocated. */
final class FrameForm {
    static final int HEAD_BYTES = FrameSeal.HEAD_BYTES;
    static final int TRAILER_BYTES = FrameSeal.TRAILER_BYTES;

    private static final int SMALLEST_ARRAY_BYTES = 4 * 1024;
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN)
            .withInvokeExactBehavior();

    private FrameForm() {}

    static void putHead(byte[] frame, FrameType type, int payloadLength) {
        INT.set(frame, 0, payloadLength + TRAILER_BYTES);
        INT.set(frame, 4, (int) type.code());
    }

    /** The length of the payload that the head announces. */
    static int payloadLength(byte[] frame) throws ProtocolViolation {
        int length = (int) INT.get(frame, 0);
        if (length < TRAILER_BYTES || length > Link.MAX_PAYLOAD_BYTES + TRAILER_BYTES) {
            throw new ProtocolViolation("frame length " + Integer.toUnsignedString(length));
        }
        return length - TRAILER_BYTES;
    }

    static FrameType type(byte[] frame) throws ProtocolViolation {
        int word = (int) INT.get(frame, 4);
        if ((word & 0xffff_ff00) != 0) {
            throw new ProtocolViolation("reserved bytes of a frame's head are not zero");
        }
        return FrameType.ofCode(word);
    }

    /** The array itself when it has room, else a larger one without its content. */
    static byte[] withRoom(byte[] array, int needed) {
        if (needed <= array.length) {
            return array;
        }
        int doubled = Integer.highestOneBit(Math.max(needed - 1, SMALLEST_ARRAY_BYTES - 1)) << 1;
        return new byte[Math.min(doubled, HEAD_BYTES + Link.MAX_PAYLOAD_BYTES + TRAILER_BYTES)];
    }
}
