package io.skewer.store.frontier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.skewer.store.MemoryFiles;
import io.skewer.store.segment.StoreKeys;
import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class FrontierTest {
    private static final StoreKeys KEYS = StoreKeys.of(null);

    private record Range(int batch, int from, int to) {}

    @Property(tries = 1000)
    void settlingInAnyOrderReachesExactlyTheFirstRecordThatIsNotSettled(@ForAll long seed) {
        Random random = new Random(seed);
        int batches = 1 + random.nextInt(6);
        int count = 1 + random.nextInt(8);
        Frontier frontier = new Frontier(new Position(1, 0, 0));
        List<Range> ranges = new ArrayList<>();
        for (int batch = 1; batch <= batches; batch++) {
            frontier.offered(batch, (long) (batch - 1) * count, count, 0);
            for (int i = 0; i < 4; i++) {
                int from = random.nextInt(count);
                ranges.add(new Range(batch, from, from + random.nextInt(count - from + 1)));
            }
        }
        Collections.shuffle(ranges, random);
        BitSet model = new BitSet();
        for (Range range : ranges) {
            int before = model.cardinality();
            model.set((range.batch() - 1) * count + range.from(), (range.batch() - 1) * count + range.to());
            int fresh = frontier.settle(range.batch(), range.from(), range.to());
            assertThat(fresh).isEqualTo(model.cardinality() - before);
            int first = model.nextClearBit(0);
            Position position = frontier.position();
            assertThat(position.recordNumber()).isEqualTo(first);
            assertThat(position.batch()).isEqualTo(first / count + 1L);
            assertThat(position.record()).isEqualTo(first % count);
            assertThat(frontier.inFlight()).isLessThanOrEqualTo(batches);
        }
    }

    @Test
    void aMissingBatchIsPassedWhenTheOneBehindIsSettled() {
        Frontier frontier = new Frontier(new Position(1, 2, 2));
        assertThat(frontier.offered(3, 20, 5, 0)).isZero();
        assertThat(frontier.position()).isEqualTo(new Position(3, 0, 20));
        assertThatThrownBy(() -> frontier.offered(3, 20, 5, 0)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void theNewerSlotCountsAndBothAreWrittenInTurn() throws IOException {
        var disk = MemoryFiles.empty();
        StateFile file = new StateFile(disk, KEYS, false);
        for (int generation = 1; generation <= 5; generation++) {
            var frontiers = new TreeMap<>(java.util.Map.of("é", new Position(generation, 1, 2)));
            StoreState state =
                    new StoreState(new UUID(1, 2), generation, generation == 3, 4, new Position(9, 0, 10), frontiers);
            file.write(state, generation == 2);
            assertThat(StateFile.read(disk, KEYS)).isEqualTo(new StateFile.Reading.Found(state));
        }
        file.close();
    }

    @Test
    void tooManyDestinationsAreRefusedBeforeAnythingIsWritten() {
        TreeMap<String, Position> frontiers = new TreeMap<>();
        for (int i = 0; i < 200; i++) {
            frontiers.put(i + "x".repeat(200), new Position(1, 0, 0));
        }
        StoreState state = new StoreState(new UUID(1, 2), 1, false, 1, new Position(1, 0, 0), frontiers);
        assertThatThrownBy(() -> StateSlot.toBytes(state, KEYS)).isInstanceOf(IllegalArgumentException.class);
    }

    @FuzzTest
    void anyStateFileIsReadWithoutHarm(byte[] data) throws IOException {
        byte[] fixed = java.util.Arrays.copyOf(data, Math.max(data.length, 104));
        assertThat(StateFile.read(MemoryFiles.with("state", fixed), KEYS)).isNotNull();
    }
}
