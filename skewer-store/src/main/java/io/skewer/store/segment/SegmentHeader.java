package io.skewer.store.segment;

import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Optional;
import java.util.UUID;
import java.util.zip.CRC32C;

/**
 * The first 128 bytes of a segment; a sealed segment has a copy at its end.
 *
 * <pre>
 * offset size
 *   0     8    "SKEWSEG1"
 *   8     2    version, 1
 *  10     2    kind, {@link Kind}
 *  12     4    zero
 *  16    16    store UUID
 *  32     8    segment id, rising, never used again
 *  40     8    number of the first batch
 *  48     8    number of the first record
 *  56     8    key id, 0 without a secret
 *  64    32    salt
 *  96    16    MAC over the bytes 0..95, zeros without a secret
 * 112    12    zero
 * 124     4    CRC32C over the bytes 0..123
 * </pre>
 */
public record SegmentHeader(
        Kind kind, UUID store, long segment, long firstBatch, long firstRecord, long keyId, byte[] salt) {
    public static final int BYTES = 128;

    private static final long MAGIC = 0x31474553_57454B53L; // "SKEWSEG1"
    private static final int VERSION = 1;
    private static final int MAC_AT = 96;
    private static final int CHECKSUM_AT = 124;
    private static final String PURPOSE = "skewer/head/1";

    /** What the batches of a segment are. */
    public enum Kind {
        /** Batches of messages. */
        LOG(1),
        /** One failed record each. */
        DEAD_LETTERS(2);

        private final int code;

        Kind(int code) {
            this.code = code;
        }
    }

    /**
     * Reads a header whose checksum is right, without asking whether the secret is: {@link #isAuthentic} does.
     *
     * @return empty when the bytes are no header of this version
     */
    public static Optional<SegmentHeader> read(byte[] bytes, int offset) {
        if (bytes.length - offset < BYTES
                || LittleEndian.getLong(bytes, offset) != MAGIC
                || LittleEndian.getShort(bytes, offset + 8) != VERSION
                || LittleEndian.getInt(bytes, offset + CHECKSUM_AT) != checksum(bytes, offset)) {
            return Optional.empty();
        }
        int code = LittleEndian.getShort(bytes, offset + 10);
        Optional<Kind> kind =
                Arrays.stream(Kind.values()).filter(each -> each.code == code).findFirst();
        return kind.map(known -> new SegmentHeader(
                known,
                LittleEndian.getUuid(bytes, offset + 16),
                LittleEndian.getLong(bytes, offset + 32),
                LittleEndian.getLong(bytes, offset + 40),
                LittleEndian.getLong(bytes, offset + 48),
                LittleEndian.getLong(bytes, offset + 56),
                Arrays.copyOfRange(bytes, offset + 64, offset + MAC_AT)));
    }

    /** Whether these bytes, from which the header was read, were written with the same secret. */
    boolean isAuthentic(StoreKeys keys, byte[] bytes, int offset) {
        byte[] covered = Arrays.copyOfRange(bytes, offset, offset + MAC_AT);
        return keys.withId(keyId)
                .map(own -> own.mac(PURPOSE, store, segment, covered, MAC_AT))
                .filter(mac -> MessageDigest.isEqual(
                        mac, Arrays.copyOfRange(bytes, offset + MAC_AT, offset + MAC_AT + mac.length)))
                .isPresent();
    }

    byte[] toBytes(StoreKeys keys) {
        byte[] bytes = new byte[BYTES];
        LittleEndian.putLong(bytes, 0, MAGIC);
        LittleEndian.putShort(bytes, 8, VERSION);
        LittleEndian.putShort(bytes, 10, kind.code);
        LittleEndian.putUuid(bytes, 16, store);
        LittleEndian.putLong(bytes, 32, segment);
        LittleEndian.putLong(bytes, 40, firstBatch);
        LittleEndian.putLong(bytes, 48, firstRecord);
        LittleEndian.putLong(bytes, 56, keyId);
        System.arraycopy(salt, 0, bytes, 64, StoreKeys.SALT_BYTES);
        byte[] mac = keys.known(keyId).mac(PURPOSE, store, segment, bytes, MAC_AT);
        System.arraycopy(mac, 0, bytes, MAC_AT, mac.length);
        LittleEndian.putInt(bytes, CHECKSUM_AT, checksum(bytes, 0));
        return bytes;
    }

    private static int checksum(byte[] bytes, int offset) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, offset, CHECKSUM_AT);
        return (int) crc.getValue();
    }
}
