package io.skewer.ipc.link;

import io.skewer.ipc.seal.FrameSeal;
import java.io.IOException;
import java.nio.ByteBuffer;

/** The sending half of a link: puts a frame together, seals it and writes it. Its owner holds the lock. */
final class FrameWriter {
    private static final int SMALLEST_BUFFER_BYTES = 16 * 1024;
    /** More than a full batch that did not compress; what is longer is written in pieces of this size. */
    private static final int LARGEST_BUFFER_BYTES = 512 * 1024;

    private static final int[] NO_DESCRIPTORS = {};

    private final Transport transport;
    private final FrameSeal seal;
    private byte[] frame = new byte[0];
    private ByteBuffer out = ByteBuffer.allocateDirect(SMALLEST_BUFFER_BYTES);

    FrameWriter(Transport transport, FrameSeal seal) {
        this.transport = transport;
        this.seal = seal;
    }

    /** Makes room for the next frame and writes its head. */
    void begin(FrameType type, int payloadLength) {
        frame = FrameForm.withRoom(frame, FrameForm.HEAD_BYTES + payloadLength + FrameForm.TRAILER_BYTES);
        FrameForm.putHead(frame, type, payloadLength);
    }

    /** Copies a part of the payload to its place. */
    void put(int at, byte[] source, int offset, int length) {
        System.arraycopy(source, offset, frame, FrameForm.HEAD_BYTES + at, length);
    }

    /** Seals the frame and writes it, with one call unless it is longer than any batch. */
    void end(int payloadLength, int... descriptors) throws IOException {
        if (!seal.seal(frame, payloadLength)) {
            throw new IOException("the link has sent all the frames that its keys allow");
        }
        int length = FrameForm.HEAD_BYTES + payloadLength + FrameForm.TRAILER_BYTES;
        growBuffer(length);
        int[] along = descriptors;
        for (int at = 0; at < length; at += out.capacity()) {
            out.clear().put(frame, at, Math.min(length - at, out.capacity())).flip();
            transport.write(out, along);
            along = NO_DESCRIPTORS;
        }
    }

    private void growBuffer(int length) {
        if (length > out.capacity() && out.capacity() < LARGEST_BUFFER_BYTES) {
            int doubled = Integer.highestOneBit(length - 1) << 1;
            out = ByteBuffer.allocateDirect(Math.min(doubled, LARGEST_BUFFER_BYTES));
        }
    }
}
