package io.skewer.store.frontier;

import static org.assertj.core.api.Assertions.assertThat;

import io.skewer.store.MemoryFiles;
import io.skewer.store.disk.Disk;
import io.skewer.store.disk.DiskFile;
import io.skewer.store.segment.StoreKeys;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every bit of both slots of the state turned, those behind the bytes in use included. */
class EveryBitOfTheStateTest {
    private static final byte[] SECRET = "0123456789abcdef0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

    private static StoreState state(long generation) {
        Position next = new Position(40 + generation, 0, 400 + generation);
        return new StoreState(
                new UUID(3, 4), generation, false, 1, next, new TreeMap<>(Map.of("kafka", next, "file", next)));
    }

    private static StoreState read(byte[] file, StoreKeys keys) throws IOException {
        if (StateFile.read(MemoryFiles.with(StateFile.NAME, file), keys)
                instanceof StateFile.Reading.Found(StoreState found)) {
            return found;
        }
        throw new AssertionError("no slot was believed");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aTurnedBitIsSurvivedByTheOtherSlot(boolean encrypted) throws IOException {
        StoreKeys keys = StoreKeys.of(encrypted ? SECRET : new byte[0], List.of());
        Disk disk = MemoryFiles.empty();
        try (StateFile file = new StateFile(disk, keys, false)) {
            file.write(state(8), false);
            file.write(state(9), false);
        }
        byte[] whole = new byte[2 * StateSlot.BYTES];
        try (DiskFile file = disk.openToRead(StateFile.NAME)) {
            assertThat(file.read(whole, 0, whole.length, 0)).isEqualTo(whole.length);
        }
        int usedBytes = 104 + 2 * 21 + "kafka".length() + "file".length();
        StoreState older = state(8);
        StoreState newer = state(9);
        for (int bit = 0; bit < whole.length * 8; bit++) {
            byte[] turned = whole.clone();
            turned[bit / 8] ^= (byte) (1 << (bit % 8));
            boolean hitsNewer = bit / 8 >= StateSlot.BYTES && bit / 8 - StateSlot.BYTES < usedBytes;
            StoreState found = read(turned, keys);
            if (!found.equals(hitsNewer ? older : newer)) {
                throw new AssertionError("bit " + bit + ": " + found);
            }
        }
        // And what a turned bit in either slot leaves when the other is gone: nothing that is believed.
        for (int bit = 0; bit < usedBytes * 8; bit++) {
            byte[] alone = Arrays.copyOf(whole, StateSlot.BYTES);
            alone[bit / 8] ^= (byte) (1 << (bit % 8));
            assertThat(StateFile.read(
                            MemoryFiles.with(StateFile.NAME, Arrays.copyOf(alone, 2 * StateSlot.BYTES)), keys))
                    .as("bit %d", bit)
                    .isNotInstanceOf(StateFile.Reading.Found.class);
        }
    }
}
