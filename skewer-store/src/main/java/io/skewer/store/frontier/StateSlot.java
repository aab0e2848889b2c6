package io.skewer.store.frontier;

import io.skewer.store.segment.LittleEndian;
import io.skewer.store.segment.StoreKeys;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.zip.CRC32C;

/**
 * One slot of the state file. Only the bytes in use are written, rounded up to a sector: with a few destinations that is one sector,
 * which disks write whole or not at all.
 *
 * <pre>
 * offset size
 *   0     8    "SKEWSTA1"
 *   8     2    version, 1
 *  10     2    number of destinations
 *  12     4    bytes in use, from the first of the slot
 *  16    16    store UUID
 *  32     8    generation
 *  40     8    flags: 1 closed in order
 *  48     8    key id, 0 without a secret
 *  56     8    first segment that is needed
 *  64     8    number of the next batch
 *  72     8    number of the next record
 *  80    16    MAC over all bytes in use with this field and the checksum zero; zeros without a secret
 *  96     4    CRC32C over all bytes in use with this field zero
 * 100     4    zero
 * 104          per destination: u8 length of its name, name, u64 batch, u32 record, u64 record number
 * </pre>
 */
final class StateSlot {
    /** Enough for sixty destinations with the longest names; a slot is never longer. */
    static final int BYTES = 16 * 1024;

    static final int NAME_BYTES_MAX = 255;
    private static final long MAGIC = 0x31415453_57454B53L; // "SKEWSTA1"
    private static final int VERSION = 1;
    private static final int MAC_AT = 80;
    private static final int CHECKSUM_AT = 96;
    private static final int HEAD_BYTES = 104;
    private static final int ENTRY_BYTES = 20;
    private static final int SECTOR_BYTES = 512;
    private static final int FLAG_CLEAN = 1;
    private static final String PURPOSE = "skewer/state/1";

    private StateSlot() {}

    /** @throws IllegalArgumentException when there are too many destinations for a slot */
    static byte[] toBytes(StoreState state, StoreKeys keys) {
        byte[] bytes = new byte[BYTES];
        LittleEndian.putLong(bytes, 0, MAGIC);
        LittleEndian.putShort(bytes, 8, VERSION);
        LittleEndian.putShort(bytes, 10, state.frontiers().size());
        LittleEndian.putUuid(bytes, 16, state.store());
        LittleEndian.putLong(bytes, 32, state.generation());
        LittleEndian.putLong(bytes, 40, state.clean() ? FLAG_CLEAN : 0);
        LittleEndian.putLong(bytes, 48, keys.keyId());
        LittleEndian.putLong(bytes, 56, state.firstSegment());
        LittleEndian.putLong(bytes, 64, state.next().batch());
        LittleEndian.putLong(bytes, 72, state.next().recordNumber());
        int used = putFrontiers(state.frontiers(), bytes);
        LittleEndian.putInt(bytes, 12, used);
        byte[] mac = keys.mac(PURPOSE, state.store(), 0, bytes, used);
        System.arraycopy(mac, 0, bytes, MAC_AT, mac.length);
        LittleEndian.putInt(bytes, CHECKSUM_AT, checksum(bytes, used));
        return Arrays.copyOf(bytes, (used + SECTOR_BYTES - 1) / SECTOR_BYTES * SECTOR_BYTES);
    }

    private static int putFrontiers(SortedMap<String, Position> frontiers, byte[] bytes) {
        int at = HEAD_BYTES;
        for (Map.Entry<String, Position> entry : frontiers.entrySet()) {
            byte[] name = entry.getKey().getBytes(StandardCharsets.UTF_8);
            if (name.length > NAME_BYTES_MAX || at + 1 + name.length + ENTRY_BYTES > BYTES) {
                throw new IllegalArgumentException("destination '" + entry.getKey()
                        + "': its name is too long, or there are too many destinations");
            }
            bytes[at] = (byte) name.length;
            System.arraycopy(name, 0, bytes, at + 1, name.length);
            at += 1 + name.length;
            LittleEndian.putLong(bytes, at, entry.getValue().batch());
            LittleEndian.putInt(bytes, at + 8, entry.getValue().record());
            LittleEndian.putLong(bytes, at + 12, entry.getValue().recordNumber());
            at += ENTRY_BYTES;
        }
        return at;
    }

    static StateFile.Reading read(byte[] file, int offset, StoreKeys keys) {
        byte[] bytes = Arrays.copyOfRange(file, offset, offset + BYTES);
        int used = LittleEndian.getInt(bytes, 12);
        if (LittleEndian.getLong(bytes, 0) != MAGIC
                || LittleEndian.getShort(bytes, 8) != VERSION
                || used < HEAD_BYTES
                || used > BYTES) {
            return new StateFile.Reading.Damaged();
        }
        int sum = LittleEndian.getInt(bytes, CHECKSUM_AT);
        LittleEndian.putInt(bytes, CHECKSUM_AT, 0);
        if (sum != checksum(bytes, used)) {
            return new StateFile.Reading.Damaged();
        }
        long keyId = LittleEndian.getLong(bytes, 48);
        Optional<StoreKeys> own = keys.withId(keyId);
        if (own.isEmpty()) {
            return new StateFile.Reading.OtherSecret(keyId);
        }
        UUID store = LittleEndian.getUuid(bytes, 16);
        byte[] mac = Arrays.copyOfRange(bytes, MAC_AT, MAC_AT + StoreKeys.MAC_BYTES);
        Arrays.fill(bytes, MAC_AT, MAC_AT + StoreKeys.MAC_BYTES, (byte) 0);
        if (!MessageDigest.isEqual(mac, own.get().mac(PURPOSE, store, 0, bytes, used))) {
            return new StateFile.Reading.Damaged();
        }
        return parse(bytes, used, store);
    }

    private static StateFile.Reading parse(byte[] bytes, int used, UUID store) {
        SortedMap<String, Position> frontiers = new TreeMap<>();
        int at = HEAD_BYTES;
        int count = LittleEndian.getShort(bytes, 10);
        for (int i = 0; i < count; i++) {
            int length = at < used ? bytes[at] & 0xFF : 0;
            if (at + 1 + length + ENTRY_BYTES > used) {
                return new StateFile.Reading.Damaged();
            }
            String name = new String(bytes, at + 1, length, StandardCharsets.UTF_8);
            at += 1 + length;
            Position position = new Position(
                    LittleEndian.getLong(bytes, at),
                    LittleEndian.getInt(bytes, at + 8),
                    LittleEndian.getLong(bytes, at + 12));
            if (position.batch() < 1 || position.record() < 0 || position.recordNumber() < 0) {
                return new StateFile.Reading.Damaged();
            }
            frontiers.put(name, position);
            at += ENTRY_BYTES;
        }
        Position next = new Position(LittleEndian.getLong(bytes, 64), 0, LittleEndian.getLong(bytes, 72));
        return new StateFile.Reading.Found(new StoreState(
                store,
                LittleEndian.getLong(bytes, 32),
                (LittleEndian.getLong(bytes, 40) & FLAG_CLEAN) != 0,
                LittleEndian.getLong(bytes, 56),
                next,
                frontiers));
    }

    private static int checksum(byte[] bytes, int used) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, used);
        return (int) crc.getValue();
    }
}
