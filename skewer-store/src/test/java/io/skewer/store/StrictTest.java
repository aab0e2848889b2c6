package io.skewer.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skewer.store.recover.DamagedStoreException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** {@code store.recovery}: what a strict store refuses, a salvaging one survives. */
@Timeout(60)
class StrictTest {
    private static final String FIRST = "0000000000000001.seg";
    private static final String SECOND = "0000000000000002.seg";

    private static StoreSettings settings(String... destinations) {
        return TestStore.settings(TestStore.SECRET, true, 2048, destinations);
    }

    /** Some sealed segments and, when killed, an open one. */
    private static SimulatedDisk filled(boolean killed) throws Exception {
        SimulatedDisk disk = new SimulatedDisk();
        TestStore test = TestStore.open(disk, settings("one"));
        for (int i = 0; i < 30; i++) {
            test.keep(TestStore.batch("message " + i));
        }
        if (!killed) {
            test.store.close();
            return disk;
        }
        SimulatedDisk after = disk.afterProcessDeath();
        test.store.halt();
        return after;
    }

    private static void refused(SimulatedDisk disk, String what) {
        long changes = disk.changes();
        List<String> names = disk.names();
        assertThatThrownBy(() -> TestStore.open(disk, TestStore.strict(settings("one"))))
                .isInstanceOf(DamagedStoreException.class)
                .hasMessageContaining(what)
                .hasMessageContaining("skewer store repair");
        assertThat(disk.changes()).isEqualTo(changes);
        assertThat(disk.names()).isEqualTo(names);
    }

    private static List<String> salvaged(SimulatedDisk disk) throws Exception {
        TestStore test = TestStore.open(disk, settings("one"));
        List<String> texts = TestStore.drain(test.store.subscribe("one"), false);
        test.store.close();
        return texts;
    }

    @Test
    void whatACrashLeavesIsNoDamage() throws Exception {
        SimulatedDisk disk = filled(true);
        disk.put("0000000000000099.open", new byte[100]);
        TestStore test = TestStore.open(disk, TestStore.strict(settings("one")));
        assertThat(TestStore.drain(test.store.subscribe("one"), false)).hasSize(30);
        test.store.close();
    }

    @Test
    void aDamagedHeaderIsRefusedOrSurvivedByItsCopy() throws Exception {
        SimulatedDisk disk = filled(false);
        byte[] damaged = disk.content(FIRST);
        damaged[20] ^= 1;
        damaged[damaged.length - 108] ^= 1;
        disk.put(FIRST, damaged);
        refused(disk, FIRST);
        assertThat(salvaged(disk)).isNotEmpty().endsWith("message 29").doesNotContain("message 0");
    }

    @Test
    void aSealedSegmentThatWasCutIsRefusedOrReadToItsCut() throws Exception {
        SimulatedDisk disk = filled(false);
        byte[] whole = disk.content(FIRST);
        disk.put(FIRST, Arrays.copyOf(whole, whole.length - 300));
        refused(disk, "cut off");
        assertThat(salvaged(disk)).contains("message 0", "message 29").hasSizeLessThan(30);
    }

    @Test
    void aLostStateIsRefusedOrEverythingComesAgain() throws Exception {
        for (byte[] state : List.of(new byte[0], new byte[32_768])) {
            SimulatedDisk disk = filled(false);
            disk.put("state", state);
            refused(disk, "state");
            assertThat(salvaged(disk)).hasSize(30);
        }
        SimulatedDisk disk = filled(false);
        disk.remove("state");
        refused(disk, "state");
        assertThat(salvaged(disk)).hasSize(30);
    }

    @Test
    void aSegmentOfAnotherStoreIsRefusedOrSetAside() throws Exception {
        SimulatedDisk other = new SimulatedDisk();
        // Another store: its random numbers begin elsewhere.
        TestStore test = TestStore.open(other, settings("one"), 99);
        for (int i = 0; i < 30; i++) {
            test.keep(TestStore.batch("foreign " + i));
        }
        test.store.close();
        SimulatedDisk disk = filled(false);
        disk.put(SECOND, other.content(SECOND));
        refused(disk, "another store");
        assertThat(salvaged(disk)).contains("message 0").noneMatch(text -> text.startsWith("foreign"));
        assertThat(disk.list("quarantine")).containsExactly(SECOND);
    }

    @Test
    void twoSegmentsThatChangedPlacesAreSetAside() throws Exception {
        SimulatedDisk disk = filled(false);
        byte[] first = disk.content(FIRST);
        disk.put(FIRST, disk.content(SECOND));
        disk.put(SECOND, first);
        refused(disk, FIRST);
        assertThat(salvaged(disk)).doesNotContain("message 0").endsWith("message 29");
        assertThat(disk.list("quarantine")).containsExactly(FIRST, SECOND);
    }

    @Test
    void aMissingSegmentInTheMiddleIsCountedToTheMessage() throws Exception {
        SimulatedDisk disk = filled(false);
        disk.remove(SECOND);
        TestStore test = TestStore.open(disk, settings("one"));
        List<String> texts = TestStore.drain(test.store.subscribe("one"), false);
        assertThat(texts).contains("message 0", "message 29");
        assertThat(test.measure("skewer_lost_messages_total")).isEqualTo(30 - texts.size());
        test.store.close();
    }
}
