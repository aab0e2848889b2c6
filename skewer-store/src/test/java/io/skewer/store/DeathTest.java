package io.skewer.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.skewer.store.deadletter.Refusal;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The process dies at every single thing that it does to the disk, be it a write (half of it is done), a sync, a creation, a renaming, a cut or
 * a deletion; then at every thing that the start after it does; then once more. Each time everything that was said to be kept must come, in order.
 */
@Timeout(600)
class DeathTest {
    private static final int BATCHES = 30;

    private static StoreSettings settings() {
        return TestStore.settings(TestStore.SECRET, true, 1500, "one");
    }

    /** What one history promised: numbers kept, and numbers settled. */
    private static final class Promise {
        final Set<Integer> kept = new LinkedHashSet<>();
        final Set<Integer> settled = new LinkedHashSet<>();
    }

    /** A little of everything: rotations, settlements that let segments go, a dead letter, an orderly end. */
    private static void live(SimulatedDisk disk, Promise promise) throws Exception {
        TestStore test = TestStore.open(disk, settings());
        Subscription subscription = test.store.subscribe("one");
        for (int i = 0; i < BATCHES && !disk.isDead(); i++) {
            int number = i;
            boolean[] kept = {false};
            test.store.append(TestStore.batch(number + ":" + "x".repeat(100)), "test", () -> {
                promise.kept.add(number);
                kept[0] = true;
            });
            while (!kept[0] && test.failure.get() == null && !disk.isDead()) {
                Thread.sleep(0, 100_000);
            }
            if (i % 3 == 1) {
                settle(subscription, promise, i);
            }
        }
        test.store.close();
    }

    private static void settle(Subscription subscription, Promise promise, int upTo) throws InterruptedException {
        for (Offer offer = subscription.poll(); offer != null; offer = subscription.poll()) {
            int number = number(TestStore.texts(offer.batch()).getFirst());
            promise.settled.add(number);
            if (number == 4) {
                subscription.fail(offer.number(), 0, new Refusal(1, 1, "no"));
            } else {
                subscription.settle(offer.number(), 0, 1);
            }
            if (number >= upTo - 1) {
                return;
            }
        }
    }

    private static int number(String text) {
        return Integer.parseInt(text.substring(0, text.indexOf(':')));
    }

    /** Lives until the disk dies. @return how many changes it would have made, when it did not die */
    private static long liveAndDie(SimulatedDisk disk, Promise promise) throws InterruptedException {
        try {
            live(disk, promise);
        } catch (IOException | IllegalStateException dead) {
            assertThat(disk.isDead()).as(dead.toString()).isTrue();
        } catch (Exception cause) {
            throw new AssertionError(cause);
        }
        return disk.changes();
    }

    private static void check(SimulatedDisk disk, Promise promise, String what) throws Exception {
        TestStore test = TestStore.open(disk, settings());
        List<Integer> offered = new ArrayList<>();
        TestStore.drain(test.store.subscribe("one"), true).forEach(text -> offered.add(number(text)));
        assertThat(offered).as(what).isSorted().doesNotHaveDuplicates();
        Set<Integer> missing = new LinkedHashSet<>(promise.kept);
        missing.removeAll(promise.settled);
        offered.forEach(missing::remove);
        assertThat(missing).as("%s: kept and never offered", what).isEmpty();
        assertThat(test.measure("skewer_lost_messages_total")).as(what).isZero();
        test.store.close();
        assertThat(disk.list("")).as(what).containsExactly("state");
        if (promise.settled.contains(4) && !offered.contains(4)) {
            assertThat(DeadLetterFiles.read(disk, TestStore.SECRET)).as(what).isNotEmpty();
        }
    }

    @Test
    void atEveryChangeOfALifeAndOfTheStartsAfterIt() throws Exception {
        long changes = liveAndDie(new SimulatedDisk(), new Promise());
        assertThat(changes).isGreaterThan(100);
        Random random = new Random(20_261_122);
        int histories = 0;
        for (long at = 0; at < changes; at++) {
            Promise promise = new Promise();
            SimulatedDisk disk = new SimulatedDisk();
            disk.dieAfter(at);
            liveAndDie(disk, promise);
            for (boolean power : new boolean[] {false, true}) {
                long seed = random.nextLong();
                SimulatedDisk left = power ? disk.afterPowerLoss(new Random(seed)) : disk.afterProcessDeath();
                histories += dieInRecovery(
                        left, promise, new Random(seed), "death at " + at + ", power loss " + power + ", seed " + seed);
            }
        }
        System.out.println("deaths: " + changes + " places, " + histories + " histories with up to three deaths");
    }

    /** @return how many histories that were */
    private static int dieInRecovery(SimulatedDisk left, Promise promise, Random random, String what) throws Exception {
        int histories = 0;
        boolean died = true;
        for (long second = 0; died; second += 1 + random.nextInt(4)) {
            SimulatedDisk disk = left.afterProcessDeath();
            disk.dieAfter(second);
            died = startAndDie(disk);
            SimulatedDisk once = random.nextBoolean() ? disk.afterProcessDeath() : disk.afterPowerLoss(random);
            once.dieAfter(random.nextInt(8));
            startAndDie(once);
            check(once.afterPowerLoss(random), promise, what + ", again at " + second);
            histories++;
        }
        return histories;
    }

    /** @return whether the disk died while the store was opened */
    private static boolean startAndDie(SimulatedDisk disk) throws Exception {
        try {
            TestStore.open(disk, settings()).store.halt();
        } catch (IOException dead) {
            assertThat(dead).hasMessage(SimulatedDisk.DEAD);
        }
        return disk.isDead();
    }
}
