package io.skewer.ipc.link;

import io.skewer.ipc.seal.FrameSeal;
import java.io.IOException;
import java.nio.ByteBuffer;

/** The receiving half of a link: cuts the stream into frames and opens them. Used by one thread. */
final class FrameReader {
    /** Takes most batches, or many small frames, with one call. */
    private static final int BUFFER_BYTES = 128 * 1024;

    private final Transport transport;
    private final FrameSeal seal;
    private final ByteBuffer in = ByteBuffer.allocateDirect(BUFFER_BYTES).limit(0);
    private final byte[] head = new byte[FrameForm.HEAD_BYTES];
    private byte[] sealed = new byte[0];
    private long opened;

    FrameReader(Transport transport, FrameSeal seal) {
        this.transport = transport;
        this.seal = seal;
    }

    /**
     * Reads the next frame.
     *
     * @return false when the stream ended between two frames
     * @throws ProtocolViolation when what came is not the next frame of the other end
     */
    boolean read(Frame frame) throws IOException {
        if (!in.hasRemaining() && !fill()) {
            return false;
        }
        pull(head, 0, FrameForm.HEAD_BYTES);
        int payloadLength = FrameForm.payloadLength(head);
        FrameType type = FrameForm.type(head);
        sealed = FrameForm.withRoom(sealed, FrameForm.HEAD_BYTES + payloadLength + FrameForm.TRAILER_BYTES);
        System.arraycopy(head, 0, sealed, 0, FrameForm.HEAD_BYTES);
        pull(sealed, FrameForm.HEAD_BYTES, payloadLength + FrameForm.TRAILER_BYTES);
        if (!seal.open(sealed, payloadLength, frame.room(payloadLength))) {
            throw new ProtocolViolation("frame " + opened + " of type " + type + " does not open");
        }
        opened++;
        frame.filled(type, payloadLength);
        return true;
    }

    /** Takes {@code count} bytes from the stream. */
    private void pull(byte[] target, int at, int count) throws IOException {
        int end = at + count;
        for (int to = at; to < end; ) {
            if (!in.hasRemaining() && !fill()) {
                throw new ProtocolViolation("the stream ended inside frame " + opened);
            }
            int part = Math.min(in.remaining(), end - to);
            in.get(target, to, part);
            to += part;
        }
    }

    private boolean fill() throws IOException {
        int count;
        do {
            count = transport.read(in.clear());
        } while (count == 0);
        in.position(0).limit(Math.max(count, 0));
        return count > 0;
    }
}
