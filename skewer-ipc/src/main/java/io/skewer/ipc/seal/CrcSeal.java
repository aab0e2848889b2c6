package io.skewer.ipc.seal;

import java.util.zip.CRC32C;

/**
 * Frames in clear, for {@code main.encrypt_ipc = false}. The trailer is the counter (8 bytes), the CRC32C of context and payload
 * (4), zero (4), little-endian. It finds every mistake of ours that the encrypted form finds; it does not stop a forger.
 */
final class CrcSeal implements FrameSeal {
    private final CRC32C crc = new CRC32C();
    private final FrameContext context;

    CrcSeal(Direction direction, long firstCounter) {
        context = new FrameContext(direction, firstCounter);
    }

    @Override
    public boolean seal(byte[] frame, int payloadLength) {
        if (context.isExhausted()) {
            return false;
        }
        int trailer = HEAD_BYTES + payloadLength;
        FrameContext.putLong(frame, trailer, context.counter());
        FrameContext.putLong(frame, trailer + Long.BYTES, checksum(frame, payloadLength));
        context.next();
        return true;
    }

    @Override
    public boolean open(byte[] frame, int payloadLength, byte[] payload) {
        int trailer = HEAD_BYTES + payloadLength;
        if (context.isExhausted()
                || FrameContext.getLong(frame, trailer) != context.counter()
                || FrameContext.getLong(frame, trailer + Long.BYTES) != checksum(frame, payloadLength)) {
            return false;
        }
        System.arraycopy(frame, HEAD_BYTES, payload, 0, payloadLength);
        context.next();
        return true;
    }

    /** Below 2^32, so that the upper four bytes of the trailer's second half are zero. */
    private long checksum(byte[] frame, int payloadLength) {
        crc.reset();
        crc.update(context.of(frame), 0, FrameContext.BYTES);
        crc.update(frame, HEAD_BYTES, payloadLength);
        return crc.getValue();
    }
}
