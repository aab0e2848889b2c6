package io.skewer.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.skewer.store.StoreLimits.Policy;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What happens when there is no room. */
@Timeout(120)
class LimitsTest {
    private static final int SEGMENT_BYTES = 4096;
    private static final int MAX_BYTES = 5 * SEGMENT_BYTES;
    private static final int BATCHES = 300;
    /** What is beside the log: two slots of the state. */
    private static final long STATE_BYTES = 32_768;

    private final SimulatedDisk disk = new SimulatedDisk();
    private final AtomicInteger kept = new AtomicInteger();

    private TestStore open(StoreLimits limits) throws Exception {
        var secrets = new StoreSettings.Secrets(TestStore.SECRET, List.of());
        return TestStore.open(disk, TestStore.settings(secrets, true, SEGMENT_BYTES, limits, "one", "two"));
    }

    private static List<String> texts(int from, int to) {
        return IntStream.range(from, to).mapToObj(i -> "message " + i).toList();
    }

    private void appendAll(TestStore test) {
        texts(0, BATCHES).forEach(text -> test.store.append(TestStore.batch(text), "test", kept::incrementAndGet));
    }

    private static void drainUntil(TestStore test, String destination, List<String> all, int count) throws Exception {
        Subscription subscription = test.store.subscribe(destination);
        Waiting.until(count + " messages", () -> {
            all.addAll(TestStore.drain(subscription, true));
            return all.size() >= count;
        });
    }

    /** Checks that the log never takes more than it may, and that it uses all but the last segment of it. */
    private void assertExact(TestStore test) {
        assertThat(test.measure("skewer_store_bytes")).isLessThanOrEqualTo(MAX_BYTES);
        assertThat(test.measure("skewer_store_bytes")).isGreaterThan(MAX_BYTES - 2.0 * SEGMENT_BYTES);
    }

    @Test
    void blockingKeepsNothingBeyondTheLimitAndGoesOnWhenThereIsRoom() throws Exception {
        TestStore test = open(new StoreLimits(MAX_BYTES, 0, Policy.BLOCK));
        appendAll(test);
        Waiting.until("the limit", () -> test.measure("skewer_store_full") == 1);
        int keptThen = kept.get();
        assertExact(test);
        Thread.sleep(300);
        assertThat(kept.get()).isEqualTo(keptThen).isLessThan(BATCHES);
        List<String> one = new ArrayList<>();
        List<String> two = new ArrayList<>();
        Thread other = Thread.ofPlatform().start(() -> {
            try {
                drainUntil(test, "two", two, BATCHES);
            } catch (Exception cause) {
                throw new IllegalStateException(cause);
            }
        });
        drainUntil(test, "one", one, BATCHES);
        other.join();
        assertThat(kept.get()).isEqualTo(BATCHES);
        assertThat(one).isEqualTo(texts(0, BATCHES));
        assertThat(two).isEqualTo(texts(0, BATCHES));
        assertThat(test.measure("skewer_store_full")).isZero();
        assertThat(test.failure.get()).isNull();
        test.store.close();
    }

    @Test
    void droppingTheOldestKeepsTheNewestAndCountsTheRestForEachDestination() throws Exception {
        TestStore test = open(new StoreLimits(MAX_BYTES, 0, Policy.DROP_OLDEST));
        Subscription reader = test.store.subscribe("two");
        test.keep(TestStore.batch("first"));
        assertThat(TestStore.drain(reader, true)).containsExactly("first");
        appendAll(test);
        Waiting.until("all batches", () -> kept.get() == BATCHES);
        assertExact(test);
        List<String> one = TestStore.drain(test.store.subscribe("one"), true);
        List<String> two = TestStore.drain(test.store.subscribe("two"), true);
        assertThat(one).isNotEmpty().isEqualTo(two).isEqualTo(texts(BATCHES - one.size(), BATCHES));
        assertThat(test.measure("skewer_store_dropped_messages_total", "one", "store_full_oldest"))
                .isEqualTo(BATCHES + 1 - one.size());
        assertThat(test.measure("skewer_store_dropped_messages_total", "two", "store_full_oldest"))
                .isEqualTo(BATCHES - two.size());
        assertThat(test.measure("skewer_lost_messages_total")).isZero();
        assertThat(test.measure("skewer_queue_messages")).isZero();
        test.store.close();
    }

    @Test
    void whatIsDroppedInTheMiddleOfBeingOfferedIsCountedOnce() throws Exception {
        TestStore test = open(new StoreLimits(MAX_BYTES, 0, Policy.DROP_OLDEST));
        Subscription slow = test.store.subscribe("one");
        test.keep(TestStore.batch("a", "b", "c"));
        Offer offer = slow.next();
        assertThat(offer).isNotNull();
        slow.settle(java.util.Objects.requireNonNull(offer).number(), 1, 2);
        appendAll(test);
        Waiting.until("all batches", () -> kept.get() == BATCHES);
        slow.settle(offer.number(), 0, 3);
        List<String> rest = TestStore.drain(slow, true);
        assertThat(test.measure("skewer_store_dropped_messages_total", "one")).isEqualTo(2 + BATCHES - rest.size());
        assertThat(test.measure("skewer_delivered_messages_total", "one")).isEqualTo(1 + rest.size());
        test.store.close();
    }

    @Test
    void droppingTheNewestKeepsTheOldestAnswersAllAndCounts() throws Exception {
        TestStore test = open(new StoreLimits(MAX_BYTES, 0, Policy.DROP_NEWEST));
        appendAll(test);
        Waiting.until("all answers", () -> kept.get() == BATCHES);
        assertExact(test);
        List<String> one = TestStore.drain(test.store.subscribe("one"), true);
        assertThat(one).isNotEmpty().isEqualTo(texts(0, one.size()));
        assertThat(test.measure("skewer_store_dropped_messages_total", "store_full_newest"))
                .isEqualTo(BATCHES - one.size());
        assertThat(test.measure("skewer_stored_messages_total")).isEqualTo(one.size());
        test.store.close();
    }

    @Test
    void freeSpaceIsLeftToOthers() throws Exception {
        disk.capacity(STATE_BYTES + 10 * SEGMENT_BYTES);
        TestStore test = open(new StoreLimits(0, 4 * SEGMENT_BYTES, Policy.BLOCK));
        appendAll(test);
        Waiting.until("the limit", () -> test.measure("skewer_store_full") == 1);
        assertThat(disk.freeBytes()).isGreaterThanOrEqualTo(4 * SEGMENT_BYTES);
        test.store.halt();
    }

    @Test
    void aDiskThatIsReallyFullPushesBackAndTheStoreGoesOnAloneWhenThereIsSpace() throws Exception {
        disk.capacity(STATE_BYTES + 6 * SEGMENT_BYTES);
        TestStore test = open(StoreLimits.NONE);
        appendAll(test);
        Waiting.until("the limit", () -> test.measure("skewer_store_full") == 1);
        int keptThen = kept.get();
        Thread.sleep(300);
        assertThat(kept.get()).isEqualTo(keptThen).isLessThan(BATCHES);
        disk.capacity(Long.MAX_VALUE);
        Waiting.until("all batches", () -> kept.get() == BATCHES);
        assertThat(TestStore.drain(test.store.subscribe("one"), true)).isEqualTo(texts(0, BATCHES));
        assertThat(test.failure.get()).isNull();
        test.store.close();
    }

    @Test
    void aFullDiskDrainsByItself() throws Exception {
        disk.capacity(STATE_BYTES + 6 * SEGMENT_BYTES);
        TestStore test = open(StoreLimits.NONE);
        assertThat(test.store.drop("two")).isTrue();
        appendAll(test);
        List<String> one = new ArrayList<>();
        drainUntil(test, "one", one, BATCHES);
        assertThat(one).isEqualTo(texts(0, BATCHES));
        test.store.close();
    }

    @Test
    void aReadOnlyDiskPushesBackAndTheStoreGoesOnAloneWhenItIsWritable() throws Exception {
        TestStore test = open(StoreLimits.NONE);
        test.keep(TestStore.batch("before"));
        disk.readOnly(true);
        appendAll(test);
        Waiting.until("the failure", () -> test.measure("skewer_store_full") == 1);
        assertThat(kept.get()).isZero();
        disk.readOnly(false);
        Waiting.until("all batches", () -> kept.get() == BATCHES);
        List<String> expected = new ArrayList<>(List.of("before"));
        expected.addAll(texts(0, BATCHES));
        assertThat(TestStore.drain(test.store.subscribe("one"), true)).isEqualTo(expected);
        assertThat(test.failure.get()).isNull();
        test.store.close();
    }

    @Test
    void aStoreThatIsFullCanBeClosedAndOpenedAgain() throws Exception {
        TestStore test = open(new StoreLimits(MAX_BYTES, 0, Policy.BLOCK));
        appendAll(test);
        Waiting.until("the limit", () -> test.measure("skewer_store_full") == 1);
        test.store.close();
        assertThat(test.failure.get()).isNull();
        TestStore again = open(new StoreLimits(MAX_BYTES, 0, Policy.BLOCK));
        assertThat(TestStore.drain(again.store.subscribe("one"), true)).isEqualTo(texts(0, kept.get()));
        again.store.close();
    }
}
