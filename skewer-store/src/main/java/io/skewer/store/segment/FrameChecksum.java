package io.skewer.store.segment;

import java.util.zip.CRC32C;

/** The checksum of one segment's frames, and the rolling one over all of them. Used by one thread. */
final class FrameChecksum {
    private final CRC32C crc = new CRC32C();
    private final CRC32C rolling = new CRC32C();
    private final byte[] salt;
    private final byte[] four = new byte[4];

    FrameChecksum(byte[] salt) {
        this.salt = salt;
    }

    /** The checksum of the frame at {@code offset}, whose head says how long it is. */
    int of(byte[] bytes, int offset, int frameBytes) {
        crc.reset();
        crc.update(salt);
        crc.update(bytes, offset, FrameHead.CHECKSUM_AT);
        crc.update(bytes, offset + FrameHead.BYTES, frameBytes - FrameHead.BYTES);
        return (int) crc.getValue();
    }

    void roll(int checksum) {
        LittleEndian.putInt(four, 0, checksum);
        rolling.update(four);
    }

    int rolling() {
        return (int) rolling.getValue();
    }
}
