package io.skewer.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skewer.store.deadletter.Refusal;
import io.skewer.store.disk.DiskFile;
import io.skewer.store.recover.WrongSecretException;
import io.skewer.store.segment.SegmentWriter;
import io.skewer.store.segment.SpareSegment;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class StoreTest {
    private static final byte[] SECRET = TestStore.SECRET;
    private static final int SEGMENT_BYTES = 4096;

    private static StoreSettings settings(String... destinations) {
        return TestStore.settings(SECRET, true, SEGMENT_BYTES, destinations);
    }

    private static void await(BooleanSupplier condition) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!condition.getAsBoolean() && System.nanoTime() < end) {
            TimeUnit.MILLISECONDS.sleep(5);
        }
        assertThat(condition.getAsBoolean()).isTrue();
    }

    private static Offer take(Subscription subscription) throws InterruptedException {
        Offer offer = subscription.next();
        if (offer == null) {
            throw new AssertionError("the subscription has ended");
        }
        return offer;
    }

    @Test
    void batchesAreOfferedInOrderToEveryDestination() throws Exception {
        TestStore test = TestStore.open(new SimulatedDisk(), settings("one", "two"));
        for (int i = 0; i < 100; i++) {
            test.keep(TestStore.batch("a" + i, "b" + i));
        }
        List<String> expected = IntStream.range(0, 100)
                .boxed()
                .flatMap(i -> List.of("a" + i, "b" + i).stream())
                .toList();
        assertThat(TestStore.drain(test.store.subscribe("one"), true)).isEqualTo(expected);
        assertThat(TestStore.drain(test.store.subscribe("two"), false)).isEqualTo(expected);
        assertThat(test.measure("skewer_delivered_messages_total", "one")).isEqualTo(200);
        assertThat(test.measure("skewer_queue_messages", "one")).isZero();
        assertThat(test.measure("skewer_queue_messages", "two")).isEqualTo(200);
        assertThat(test.measure("skewer_queue_batches", "two")).isEqualTo(100);
        assertThat(test.measure("skewer_stored_messages_total")).isEqualTo(200);
        test.store.close();
    }

    @Test
    void whatIsNotSettledIsOfferedAgainFromItsFirstRecordOn() throws Exception {
        SimulatedDisk disk = new SimulatedDisk();
        TestStore test = TestStore.open(disk, settings("one"));
        test.keep(TestStore.batch("a", "b", "c"));
        test.keep(TestStore.batch("d"));
        Subscription first = test.store.subscribe("one");
        Offer offer = take(first);
        first.settle(offer.number(), 2, 3);
        first.settle(offer.number(), 0, 1);
        Subscription second = test.store.subscribe("one");
        assertThat(first.next()).isNull();
        assertThat(TestStore.drain(second, false)).containsExactly("b", "c", "d");
        test.store.close();
        TestStore again = TestStore.open(disk, settings("one"));
        assertThat(again.measure("skewer_queue_messages", "one")).isEqualTo(3);
        assertThat(TestStore.drain(again.store.subscribe("one"), true)).containsExactly("b", "c", "d");
        again.store.close();
    }

    @Test
    void aWaitingConsumerIsWokenByABatchAndByTheEnd() throws Exception {
        TestStore test = TestStore.open(new SimulatedDisk(), settings("one"));
        Subscription subscription = test.store.subscribe("one");
        Thread consumer = Thread.ofPlatform().start(() -> {
            try {
                Offer offer = subscription.next();
                while (offer != null) {
                    subscription.settle(offer.number(), 0, 1);
                    offer = subscription.next();
                }
            } catch (InterruptedException stop) {
                Thread.currentThread().interrupt();
            }
        });
        test.keep(TestStore.batch("a"));
        await(() -> test.measure("skewer_delivered_messages_total", "one") == 1);
        test.store.close();
        consumer.join(10_000);
        assertThat(consumer.isAlive()).isFalse();
    }

    @Test
    void segmentsThatAllDestinationsHavePassedAreDeleted() throws Exception {
        SimulatedDisk disk = new SimulatedDisk();
        TestStore test = TestStore.open(disk, settings("one", "two"));
        for (int i = 0; i < 50; i++) {
            test.keep(TestStore.batch("message " + i));
        }
        double segments = test.measure("skewer_store_segments");
        assertThat(segments).isGreaterThan(2);
        TestStore.drain(test.store.subscribe("one"), true);
        TimeUnit.MILLISECONDS.sleep(2L * StateKeeper.INTERVAL_MS);
        assertThat(test.measure("skewer_store_segments")).isEqualTo(segments);
        TestStore.drain(test.store.subscribe("two"), true);
        await(() -> test.measure("skewer_store_segments") == 1);
        test.store.close();
        assertThat(disk.names()).containsExactly("state");
        TestStore again = TestStore.open(disk, settings("one", "two"));
        again.keep(TestStore.batch("next"));
        assertThat(take(again.store.subscribe("one")).number()).isEqualTo(51);
        again.store.close();
    }

    @Test
    void aSegmentThatCannotBeDeletedStopsNothingAndIsTriedAgain() throws Exception {
        SimulatedDisk disk = new SimulatedDisk();
        TestStore test = TestStore.open(disk, settings("one"));
        for (int i = 0; i < 50; i++) {
            test.keep(TestStore.batch("message " + i));
        }
        disk.segmentsStay(true);
        TestStore.drain(test.store.subscribe("one"), true);
        test.store.close();
        assertThat(test.measure("skewer_store_delete_failures_total")).isPositive();
        TestStore again = TestStore.open(disk, settings("one"));
        await(() -> again.measure("skewer_store_delete_failures_total") > 0);
        again.keep(TestStore.batch("next"));
        assertThat(TestStore.drain(again.store.subscribe("one"), false)).containsExactly("next");
        disk.segmentsStay(false);
        await(() -> again.measure("skewer_store_segments") == 1);
        again.store.close();
    }

    @Test
    void aSpareSegmentThatCannotBeDeletedStopsNothingAndIsWrittenOver() throws Exception {
        SimulatedDisk disk = new SimulatedDisk();
        byte[] left = new byte[2 * SegmentWriter.MAX_BODY_BYTES];
        Arrays.fill(left, (byte) 7);
        try (DiskFile spare = disk.create(SpareSegment.NAME)) {
            spare.write(left, 0, left.length, 0);
        }
        disk.segmentsStay(true);
        TestStore test = TestStore.open(disk, settings("one"));
        assertThat(test.measure("skewer_store_delete_failures_total")).isEqualTo(1);
        test.keep(TestStore.batch("first"));
        test.store.halt();
        TestStore again = TestStore.open(disk, settings("one"));
        again.keep(TestStore.batch("second"));
        assertThat(TestStore.drain(again.store.subscribe("one"), false)).containsExactly("first", "second");
        assertThat(again.measure("skewer_store_damages_total")).isZero();
        again.store.close();
    }

    @Test
    void aFailedRecordIsKeptWithTheDeadLettersAndThenSettled() throws Exception {
        SimulatedDisk disk = new SimulatedDisk();
        TestStore test = TestStore.open(disk, settings("one"));
        test.keep(TestStore.batch("good", "bad", "ugly"));
        Subscription subscription = test.store.subscribe("one");
        Offer offer = take(subscription);
        subscription.fail(offer.number(), 1, new Refusal(0, 1, "larger than the topic allows"));
        subscription.fail(offer.number(), 2, new Refusal(99, 1, "no reason"));
        subscription.settle(offer.number(), 0, 1);
        await(() -> subscription.depthMessages() == 0);
        assertThat(test.measure("skewer_failed_messages_total", "one", "too_large"))
                .isEqualTo(1);
        assertThat(test.measure("skewer_failed_messages_total", "one", "other")).isEqualTo(1);
        assertThat(test.measure("skewer_delivered_messages_total", "one")).isEqualTo(1);
        test.store.close();
        var letters = DeadLetterFiles.read(disk, SECRET);
        assertThat(letters).hasSize(2);
        assertThat(letters.getFirst().destination()).isEqualTo("one");
        assertThat(letters.getFirst().text()).isEqualTo("larger than the topic allows");
        assertThat(new String(letters.getFirst().record(), StandardCharsets.UTF_8))
                .contains("bad");
        assertThat(new String(letters.getLast().record(), StandardCharsets.UTF_8))
                .contains("ugly");
    }

    @Test
    void deadLettersSurviveTheDeathOfTheProcess() throws Exception {
        SimulatedDisk disk = new SimulatedDisk();
        TestStore test = TestStore.open(disk, settings("one"));
        test.keep(TestStore.batch("bad"));
        Subscription subscription = test.store.subscribe("one");
        subscription.fail(take(subscription).number(), 0, new Refusal(1, 1, "never"));
        await(() -> subscription.depthMessages() == 0);
        SimulatedDisk after = disk.afterProcessDeath();
        test.store.halt();
        TestStore again = TestStore.open(after, settings("one"));
        assertThat(again.measure("skewer_dead_letters")).isEqualTo(1);
        again.store.close();
        assertThat(DeadLetterFiles.read(after, SECRET)).hasSizeGreaterThanOrEqualTo(1);
    }

    @Test
    void aNewDestinationStartsAtThePresentAndARemovedOneIsKeptUntilDropped() throws Exception {
        SimulatedDisk disk = new SimulatedDisk();
        TestStore test = TestStore.open(disk, settings("old"));
        test.keep(TestStore.batch("before"));
        test.store.close();
        TestStore again = TestStore.open(disk, settings("new"));
        again.keep(TestStore.batch("after"));
        assertThat(TestStore.drain(again.store.subscribe("new"), true)).containsExactly("after");
        assertThat(again.measure("skewer_queue_messages", "old")).isEqualTo(2);
        again.store.close();
        TestStore third = TestStore.open(disk, settings("new", "old"));
        assertThat(TestStore.drain(third.store.subscribe("old"), false)).containsExactly("before", "after");
        assertThat(third.store.drop("old")).isTrue();
        assertThat(third.store.drop("old")).isFalse();
        third.store.close();
        assertThat(disk.names()).containsExactly("state");
    }

    @Test
    void anotherSecretIsRefusedBeforeAnythingIsTouched() throws Exception {
        SimulatedDisk disk = new SimulatedDisk();
        TestStore test = TestStore.open(disk, settings("one"));
        test.keep(TestStore.batch("secret"));
        SimulatedDisk after = disk.afterProcessDeath();
        test.store.halt();
        long writes = after.writes();
        List<String> names = after.names();
        byte[] other = SECRET.clone();
        other[0]++;
        for (byte[] wrong : List.of(other, TestStore.NO_SECRET)) {
            assertThatThrownBy(() -> TestStore.open(after, TestStore.settings(wrong, true, 4096, "one")))
                    .isInstanceOf(WrongSecretException.class)
                    .hasMessageContaining("nothing was changed");
        }
        assertThat(after.writes()).isEqualTo(writes);
        assertThat(after.names()).isEqualTo(names);
        for (String name : names) {
            assertThat(new String(after.content(name), StandardCharsets.ISO_8859_1))
                    .doesNotContain("secret");
        }
    }

    @Test
    void settlingWhatWasNeverOfferedIsRefused() throws Exception {
        TestStore test = TestStore.open(new SimulatedDisk(), settings("one"));
        test.keep(TestStore.batch("a", "b"));
        Subscription subscription = test.store.subscribe("one");
        assertThatThrownBy(() -> subscription.settle(1, 0, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThat(take(subscription).number()).isEqualTo(1);
        assertThatThrownBy(() -> subscription.settle(1, 0, 3)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> subscription.settle(2, 0, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> subscription.fail(1, 2, new Refusal(0, 1, "")))
                .isInstanceOf(IllegalArgumentException.class);
        subscription.settle(1, 0, 2);
        subscription.settle(1, 0, 2);
        assertThat(test.measure("skewer_delivered_messages_total", "one")).isEqualTo(2);
        test.store.close();
    }

    @Test
    void aConsumerThatKeepsUpNeverReadsTheDisk() throws Exception {
        SimulatedDisk disk = new SimulatedDisk();
        TestStore test = TestStore.open(disk, settings("one"));
        Subscription subscription = test.store.subscribe("one");
        long reads = disk.reads();
        for (int i = 0; i < 200; i++) {
            test.keep(TestStore.batch("m" + i));
            subscription.settle(take(subscription).number(), 0, 1);
        }
        assertThat(disk.reads()).isEqualTo(reads);
        test.store.close();
    }

    @Test
    void manyUnsettledBatchesAreHeldInABoundAndSettleInAnyOrder() throws Exception {
        TestStore test = TestStore.open(new SimulatedDisk(), TestStore.settings(SECRET, false, 1 << 20, "one"));
        byte[] batch = TestStore.batch("x");
        int count = DestinationQueue.IN_FLIGHT_MAX + 500;
        for (int i = 1; i < count; i++) {
            test.store.append(batch, "test", () -> {});
        }
        test.keep(batch);
        Subscription subscription = test.store.subscribe("one");
        int offered = 0;
        while (subscription.poll() != null) {
            offered++;
        }
        assertThat(offered).isEqualTo(DestinationQueue.IN_FLIGHT_MAX);
        for (long number = offered; number >= 1; number--) {
            subscription.settle(number, 0, 1);
        }
        assertThat(subscription.depthMessages()).isEqualTo(500);
        assertThat(TestStore.drain(subscription, true)).hasSize(500);
        test.store.close();
    }

    @Test
    void aFailedSyncEndsTheFileAndTheBatchesGoToANewOne() throws Exception {
        SimulatedDisk disk = new SimulatedDisk();
        TestStore test = TestStore.open(disk, TestStore.settings(SECRET, true, 1 << 20, "one"));
        test.keep(TestStore.batch("a"));
        disk.failSyncAfter(0, 1);
        test.keep(TestStore.batch("b"));
        test.keep(TestStore.batch("c"));
        assertThat(disk.names()).contains("0000000000000001.open", "0000000000000002.open");
        assertThat(TestStore.drain(test.store.subscribe("one"), false)).containsExactly("a", "b", "c");
        SimulatedDisk after = disk.afterProcessDeath();
        test.store.halt();
        TestStore again = TestStore.open(after, TestStore.settings(SECRET, true, 1 << 20, "one"));
        assertThat(TestStore.drain(again.store.subscribe("one"), true)).containsExactly("a", "b", "c");
        assertThat(again.measure("skewer_lost_messages_total")).isZero();
        again.store.close();
    }

    @Test
    void aSecondFailureIsFinalAndKeepsNothing() throws Exception {
        SimulatedDisk disk = new SimulatedDisk();
        TestStore test = TestStore.open(disk, settings("one"));
        test.keep(TestStore.batch("a"));
        disk.failSyncAfter(0, 1000);
        test.store.append(TestStore.batch("b"), "test", () -> {
            throw new AssertionError("kept");
        });
        await(() -> test.failure.get() != null);
        assertThat(test.failure.get()).hasMessageContaining("Input/output error");
        assertThatThrownBy(() -> test.store.append(TestStore.batch("c"), "test", () -> {}))
                .isInstanceOf(IllegalStateException.class);
        test.store.halt();
    }

    @Test
    void aFullDiskHoldsBackAndGoesOnWhenThereIsSpace() throws Exception {
        SimulatedDisk disk = new SimulatedDisk();
        TestStore test = TestStore.open(disk, settings("one"));
        test.keep(TestStore.batch("a"));
        disk.failWriteAfter(0, 4, "No space left on device");
        test.keep(TestStore.batch("b"));
        assertThat(test.failure.get()).isNull();
        assertThat(TestStore.drain(test.store.subscribe("one"), true)).containsExactly("a", "b");
        assertThat(test.measure("skewer_store_write_failures_total")).isEqualTo(4);
        test.store.close();
    }
}
