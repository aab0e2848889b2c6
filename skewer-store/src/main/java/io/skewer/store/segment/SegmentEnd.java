package io.skewer.store.segment;

import java.util.Arrays;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * What closes a segment: 64 bytes behind the last batch, then a copy of the header, so that damage to the first bytes of a file does
 * not cost its salt. Its code is a MAC and not a GCM tag: recovery may close a segment whose regular end was half written, and a
 * nonce must not be used twice.
 *
 * <pre>
 * offset size
 *  0     4    "SKE1"
 *  4     4    flags: 1 closed by recovery
 *  8     8    number of the next batch after the last one
 * 16     8    number of the next record after the last one
 * 24     8    number of batches
 * 32     8    where these 64 bytes start in the file
 * 40     4    CRC32C over the checksums of all batches in their order
 * 44    16    MAC over the bytes 0..43, zeros without a secret
 * 60     4    CRC32C over the bytes 0..59
 * </pre>
 */
public record SegmentEnd(
        boolean recovered, long nextBatch, long nextRecord, long batches, long dataBytes, int rollingChecksum) {
    public static final int BYTES = 64;
    /** With the copy of the header. */
    public static final int WITH_HEADER_BYTES = BYTES + SegmentHeader.BYTES;

    private static final int MARKER = 'S' | 'K' << 8 | 'E' << 16 | '1' << 24;
    private static final int FLAG_RECOVERED = 1;
    private static final int MAC_AT = 44;
    private static final int CHECKSUM_AT = 60;
    private static final String PURPOSE = "skewer/end/1";

    static Optional<SegmentEnd> read(byte[] bytes, int offset, SegmentHeader header, StoreKeys keys) {
        byte[] own = Arrays.copyOfRange(bytes, offset, offset + BYTES);
        byte[] mac = keys.known(header.keyId()).mac(PURPOSE, header.store(), header.segment(), own, MAC_AT);
        boolean sound = LittleEndian.getInt(own, 0) == MARKER
                && LittleEndian.getInt(own, CHECKSUM_AT) == checksum(own)
                && Arrays.equals(mac, 0, mac.length, own, MAC_AT, CHECKSUM_AT);
        if (!sound) {
            return Optional.empty();
        }
        return Optional.of(new SegmentEnd(
                (LittleEndian.getInt(own, 4) & FLAG_RECOVERED) != 0,
                LittleEndian.getLong(own, 8),
                LittleEndian.getLong(own, 16),
                LittleEndian.getLong(own, 24),
                LittleEndian.getLong(own, 32),
                LittleEndian.getInt(own, 40)));
    }

    /** The end and the copy of the header. */
    byte[] toBytes(SegmentHeader header, StoreKeys keys) {
        byte[] bytes = new byte[WITH_HEADER_BYTES];
        LittleEndian.putInt(bytes, 0, MARKER);
        LittleEndian.putInt(bytes, 4, recovered ? FLAG_RECOVERED : 0);
        LittleEndian.putLong(bytes, 8, nextBatch);
        LittleEndian.putLong(bytes, 16, nextRecord);
        LittleEndian.putLong(bytes, 24, batches);
        LittleEndian.putLong(bytes, 32, dataBytes);
        LittleEndian.putInt(bytes, 40, rollingChecksum);
        byte[] mac = keys.known(header.keyId()).mac(PURPOSE, header.store(), header.segment(), bytes, MAC_AT);
        System.arraycopy(mac, 0, bytes, MAC_AT, mac.length);
        LittleEndian.putInt(bytes, CHECKSUM_AT, checksum(bytes));
        System.arraycopy(header.toBytes(keys), 0, bytes, BYTES, SegmentHeader.BYTES);
        return bytes;
    }

    private static int checksum(byte[] bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, CHECKSUM_AT);
        return (int) crc.getValue();
    }
}
