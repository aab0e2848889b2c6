package io.skewer.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.skewer.store.segment.LittleEndian;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Every byte cut off, every bit turned. */
class DamageTest {
    private static final int BATCHES = 6;
    private static final String OPEN = "0000000000000001.open";
    private static final String SEALED = "0000000000000001.seg";

    private static StoreSettings settings(byte[] secret) {
        return TestStore.settings(secret, false, 1 << 16, "one");
    }

    private static List<String> all() {
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < BATCHES; i++) {
            texts.add("message " + i);
        }
        return texts;
    }

    /** Where each batch starts, and where the last one ends: lengths differ a little, as ids do not compress alike. */
    private static int[] borders(byte[] segment) {
        int[] borders = new int[BATCHES + 1];
        borders[0] = 128;
        for (int i = 0; i < BATCHES; i++) {
            borders[i + 1] = borders[i] + 32 + LittleEndian.getInt(segment, borders[i] + 4);
        }
        return borders;
    }

    /** How many batches end at or before a place. */
    private static int endedBy(int[] borders, int place) {
        int ended = 0;
        while (ended < BATCHES && borders[ended + 1] <= place) {
            ended++;
        }
        return ended;
    }

    /** A store with six batches of one message that was killed, or closed. */
    private static SimulatedDisk filled(byte[] secret, boolean killed) throws Exception {
        SimulatedDisk disk = new SimulatedDisk();
        TestStore test = TestStore.open(disk, settings(secret));
        for (String text : all()) {
            test.keep(TestStore.batch(text));
        }
        if (killed) {
            SimulatedDisk after = disk.afterProcessDeath();
            test.store.halt();
            return after;
        }
        test.store.close();
        return disk;
    }

    private static List<String> offered(SimulatedDisk disk, byte[] secret) throws Exception {
        TestStore test = TestStore.open(disk, settings(secret));
        List<String> texts = TestStore.drain(test.store.subscribe("one"), false);
        test.store.close();
        return texts;
    }

    @Test
    void theOpenSegmentCutAtAnyByteGivesExactlyTheWholeBatchesBeforeTheCut() throws Exception {
        for (byte[] secret : List.of(TestStore.SECRET, TestStore.NO_SECRET)) {
            SimulatedDisk killed = filled(secret, true);
            byte[] reserved = killed.content(OPEN);
            int[] borders = borders(reserved);
            byte[] whole = Arrays.copyOf(reserved, borders[BATCHES]);
            for (int length = 0; length < whole.length; length++) {
                SimulatedDisk disk = killed.afterProcessDeath();
                disk.put(OPEN, Arrays.copyOf(whole, length));
                int left = endedBy(borders, length);
                assertThat(offered(disk, secret)).as("cut at %d", length).isEqualTo(all().subList(0, left));
            }
        }
    }

    @Test
    void aBatchAfterACutGetsThroughAndNothingIsAppendedToTheOldFile() throws Exception {
        SimulatedDisk disk = filled(TestStore.SECRET, true);
        byte[] reserved = disk.content(OPEN);
        disk.put(OPEN, Arrays.copyOf(reserved, borders(reserved)[BATCHES] - 1));
        TestStore test = TestStore.open(disk, settings(TestStore.SECRET));
        byte[] recovered = disk.content(SEALED);
        test.keep(TestStore.batch("new"));
        List<String> expected = new ArrayList<>(all().subList(0, BATCHES - 1));
        expected.add("new");
        assertThat(TestStore.drain(test.store.subscribe("one"), false)).isEqualTo(expected);
        assertThat(disk.content(SEALED)).isEqualTo(recovered);
        test.store.close();
    }

    @Test
    void anyBitTurnedInASealedSegmentCostsAtMostItsBatch() throws Exception {
        for (byte[] secret : List.of(TestStore.SECRET, TestStore.NO_SECRET)) {
            SimulatedDisk closed = filled(secret, false);
            byte[] whole = closed.content(SEALED);
            int[] borders = borders(whole);
            for (int bit = 0; bit < whole.length * 8; bit++) {
                byte[] turned = whole.clone();
                turned[bit / 8] ^= (byte) (1 << (bit % 8));
                SimulatedDisk disk = closed.afterProcessDeath();
                disk.put(SEALED, turned);
                List<String> expected = all();
                int hit = bit / 8;
                if (hit >= 128 && hit < borders[BATCHES]) {
                    expected.remove(endedBy(borders, hit));
                }
                TestStore test = TestStore.open(disk, settings(secret));
                Subscription subscription = test.store.subscribe("one");
                assertThat(TestStore.drain(subscription, true))
                        .as("bit %d", bit)
                        .isEqualTo(expected);
                assertThat(test.measure("skewer_lost_messages_total")).isEqualTo(BATCHES - expected.size());
                assertThat(test.measure("skewer_delivered_messages_total")).isEqualTo(expected.size());
                assertThat(subscription.depthMessages()).isZero();
                test.store.halt();
            }
        }
    }

    @Test
    void aPageThatTheDiskDoesNotGiveCostsTheBatchesInItAndFewReads() throws Exception {
        Random random = new Random(5);
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            byte[] noise = new byte[300 + random.nextInt(600)];
            random.nextBytes(noise);
            texts.add(HexFormat.of().formatHex(noise));
        }
        SimulatedDisk disk = new SimulatedDisk();
        TestStore written = TestStore.open(disk, settings(TestStore.SECRET));
        for (String text : texts) {
            written.keep(TestStore.batch(text));
        }
        written.store.close();
        byte[] file = disk.content(SEALED);
        List<Integer> borders = new ArrayList<>(List.of(128));
        for (int i = 0; i < texts.size(); i++) {
            borders.add(borders.getLast() + 32 + LittleEndian.getInt(file, borders.getLast() + 4));
        }
        for (int page = 4096; page + 8192 < file.length; page += 4096) {
            // One page, and everything from it to the last border of pages: a disk fails by the page.
            for (int end : new int[] {page + 4096, borders.getLast() / 4096 * 4096}) {
                SimulatedDisk broken = disk.afterProcessDeath();
                TestStore test = TestStore.open(broken, settings(TestStore.SECRET));
                broken.breakReads(page, end);
                List<String> expected = new ArrayList<>();
                for (int i = 0; i < texts.size(); i++) {
                    if (borders.get(i + 1) <= page || borders.get(i) >= end) {
                        expected.add(texts.get(i));
                    }
                }
                long before = broken.reads();
                assertThat(TestStore.drain(test.store.subscribe("one"), true)).isEqualTo(expected);
                assertThat(test.measure("skewer_lost_messages_total")).isEqualTo(texts.size() - expected.size());
                assertThat(broken.reads() - before).isLessThan(300);
                test.store.halt();
            }
        }
    }

    @Test
    void anyBitTurnedInOneStateSlotIsSurvivedByTheOther() throws Exception {
        SimulatedDisk closed = filled(TestStore.SECRET, false);
        byte[] state = closed.content("state");
        for (int slot = 0; slot < 2; slot++) {
            for (int bit = 0; bit < 130 * 8; bit++) {
                byte[] turned = state.clone();
                turned[slot * 16384 + bit / 8] ^= (byte) (1 << (bit % 8));
                SimulatedDisk disk = closed.afterProcessDeath();
                disk.put("state", turned);
                assertThat(offered(disk, TestStore.SECRET)).isEqualTo(all());
                assertThat(disk.list("quarantine")).isEmpty();
            }
        }
    }

    @Test
    void aStoreWithoutAReadableStateDeliversEverythingAgain() throws Exception {
        for (byte[] state :
                List.of(new byte[0], new byte[32768], "garbage".repeat(5000).getBytes(StandardCharsets.US_ASCII))) {
            SimulatedDisk disk = filled(TestStore.SECRET, false);
            TestStore test = TestStore.open(disk, settings(TestStore.SECRET));
            Subscription subscription = test.store.subscribe("one");
            assertThat(subscription.next()).isNotNull();
            subscription.settle(1, 0, 1);
            test.store.close();
            disk.put("state", state);
            assertThat(offered(disk, TestStore.SECRET)).isEqualTo(all());
            assertThat(disk.list("quarantine")).containsExactly("state");
            assertThat(offered(disk, TestStore.SECRET)).isEqualTo(all());
        }
    }

    @Test
    void emptyAndZeroedFilesDoNotStopTheStart() throws Exception {
        for (String name : List.of("0000000000000002.open", "0000000000000002.seg")) {
            for (int length : new int[] {0, 1, 127, 128, 129, 100_000}) {
                SimulatedDisk disk = filled(TestStore.SECRET, false);
                disk.put(name, new byte[length]);
                assertThat(offered(disk, TestStore.SECRET))
                        .as("%s of %d", name, length)
                        .isEqualTo(all());
            }
        }
    }

    @Test
    void lengthsThatLieCostOneBatchAndNoMemory() throws Exception {
        SimulatedDisk closed = filled(TestStore.SECRET, false);
        byte[] whole = closed.content(SEALED);
        for (int lie : new int[] {0, -1, 1, Integer.MAX_VALUE, Integer.MIN_VALUE, 5_000_000, 100}) {
            byte[] lying = whole.clone();
            java.nio.ByteBuffer.wrap(lying)
                    .order(java.nio.ByteOrder.LITTLE_ENDIAN)
                    .putInt(128 + 4, lie);
            SimulatedDisk disk = closed.afterProcessDeath();
            disk.put(SEALED, lying);
            assertThat(offered(disk, TestStore.SECRET)).isEqualTo(all().subList(1, BATCHES));
        }
    }

    @Test
    void swappedBatchesAreNotDeliveredOutOfOrder() throws Exception {
        SimulatedDisk disk = filled(TestStore.SECRET, false);
        byte[] whole = disk.content(SEALED);
        int[] borders = borders(whole);
        int first = borders[1] - borders[0];
        int second = borders[2] - borders[1];
        byte[] swapped = whole.clone();
        System.arraycopy(whole, borders[1], swapped, borders[0], second);
        System.arraycopy(whole, borders[0], swapped, borders[0] + second, first);
        disk.put(SEALED, swapped);
        assertThat(offered(disk, TestStore.SECRET)).isEqualTo(all().subList(1, BATCHES));
        assertThat(disk.list("quarantine")).hasSize(1);
    }

    @Test
    void aSegmentUnderAnotherNumberOrFromAnotherStoreIsSetAside() throws Exception {
        SimulatedDisk disk = filled(TestStore.SECRET, false);
        disk.put("0000000000000007.seg", disk.content(SEALED));
        assertThat(offered(disk, TestStore.SECRET)).isEqualTo(all());
        assertThat(disk.list("quarantine")).containsExactly("0000000000000007.seg");
    }
}
