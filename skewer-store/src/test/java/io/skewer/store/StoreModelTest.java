package io.skewer.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/**
 * Random histories against a model of what the store promises: what was kept is offered, in order, until it is settled, whatever dies;
 * nothing else is offered.
 */
class StoreModelTest {
    private static final String[] DESTINATIONS = {"one", "two"};

    /** What one destination must still get, and may get. */
    private static final class Expected {
        final BitSet settled = new BitSet();
    }

    private static final class World {
        final Random random;
        final boolean fsync;
        final StoreSettings settings;
        SimulatedDisk disk = new SimulatedDisk();
        TestStore test;
        boolean powerWasLost;
        int appended;
        /** Messages that were kept, in the order of the log. */
        final BitSet kept = new BitSet();

        final List<Expected> expected = List.of(new Expected(), new Expected());

        World(long seed) throws Exception {
            random = new Random(seed);
            fsync = random.nextBoolean();
            byte[] secret = random.nextBoolean() ? TestStore.SECRET : TestStore.NO_SECRET;
            settings = TestStore.settings(secret, fsync, 1024 + random.nextInt(4096), DESTINATIONS);
            test = TestStore.open(disk, settings);
        }

        void step() throws Exception {
            switch (random.nextInt(10)) {
                case 0, 1, 2, 3 -> append();
                case 4, 5, 6 -> consume(random.nextInt(DESTINATIONS.length));
                case 7 -> reopen();
                case 8 -> die(false);
                default -> die(fsync);
            }
        }

        private String[] nextTexts() {
            String[] texts = new String[1 + random.nextInt(5)];
            for (int i = 0; i < texts.length; i++) {
                texts[i] = (appended + i) + ":" + "x".repeat(random.nextInt(200));
            }
            return texts;
        }

        void append() throws Exception {
            int batches = 1 + random.nextInt(8);
            for (int i = 0; i < batches; i++) {
                String[] texts = nextTexts();
                int first = appended;
                appended += texts.length;
                byte[] batch = TestStore.batch(texts);
                if (random.nextInt(4) == 0) {
                    test.keep(batch);
                    kept.set(first, appended);
                } else {
                    test.store.append(batch, "test", () -> {
                        synchronized (kept) {
                            kept.set(first, first + texts.length);
                        }
                    });
                }
            }
        }

        void consume(int which) throws Exception {
            Subscription subscription = test.store.subscribe(DESTINATIONS[which]);
            Expected model = expected.get(which);
            int last = -1;
            List<Runnable> settlements = new ArrayList<>();
            int limit = random.nextInt(40);
            for (Offer offer = subscription.poll(); offer != null && limit > 0; limit--) {
                List<Integer> ids = ids(offer);
                assertThat(ids.getFirst()).isGreaterThan(last);
                last = ids.getLast();
                int from = offer.firstRecord() + random.nextInt(ids.size() - offer.firstRecord());
                int to = random.nextInt(3) == 0 ? from : ids.size();
                long number = offer.number();
                settlements.add(() -> {
                    subscription.settle(number, from, to);
                    ids.subList(from, to).forEach(model.settled::set);
                });
                if (random.nextBoolean() && offer.firstRecord() < from) {
                    int first = offer.firstRecord();
                    settlements.add(() -> {
                        subscription.settle(number, first, from);
                        ids.subList(first, from).forEach(model.settled::set);
                    });
                }
                offer = subscription.poll();
            }
            java.util.Collections.shuffle(settlements, random);
            settlements.forEach(Runnable::run);
        }

        private List<Integer> ids(Offer offer) {
            return TestStore.texts(offer.batch()).stream()
                    .map(text -> Integer.valueOf(text.substring(0, text.indexOf(':'))))
                    .toList();
        }

        void reopen() throws Exception {
            test.store.close();
            synchronized (kept) {
                assertThat(kept.cardinality()).isLessThanOrEqualTo(appended);
            }
            test = TestStore.open(disk, settings);
        }

        void die(boolean power) throws Exception {
            SimulatedDisk after;
            synchronized (kept) {
                after = power ? disk.afterPowerLoss(random) : disk.afterProcessDeath();
            }
            powerWasLost |= power;
            test.store.halt();
            disk = after;
            test = TestStore.open(disk, settings);
        }

        /** Everything that was kept and not settled is offered, in order, and nothing that was never appended. */
        void check() throws Exception {
            test.store.close();
            test = TestStore.open(disk, settings);
            for (int which = 0; which < DESTINATIONS.length; which++) {
                Subscription subscription = test.store.subscribe(DESTINATIONS[which]);
                Set<Integer> seen = new HashSet<>();
                int last = -1;
                for (Offer offer = subscription.poll(); offer != null; offer = subscription.poll()) {
                    List<Integer> ids = ids(offer);
                    for (int id : ids.subList(offer.firstRecord(), ids.size())) {
                        assertThat(id).isGreaterThan(last).isLessThan(appended);
                        last = id;
                        seen.add(id);
                    }
                    subscription.settle(offer.number(), 0, ids.size());
                }
                BitSet missing = (BitSet) kept.clone();
                missing.andNot(expected.get(which).settled);
                seen.forEach(missing::clear);
                assertThat(missing.isEmpty())
                        .as("kept, not settled, not offered: %s", missing)
                        .isTrue();
                assertThat(subscription.depthMessages()).isZero();
                assertThat(subscription.depthBatches()).isZero();
            }
            test.store.close();
            // Of a group that was written and not synced when the power went, a batch may be whole behind one that is
            // not. Nobody was
            // told that either is kept, but it cannot be told from damage: the bytes between are set aside.
            List<String> names = new ArrayList<>(disk.names());
            names.removeIf(name -> powerWasLost && name.startsWith("quarantine/"));
            assertThat(names).containsExactly("state");
            assertThat(test.failure.get()).isNull();
        }
    }

    @Property(tries = 3000)
    void whatWasKeptIsOfferedUntilItIsSettledWhateverDies(@ForAll long seed) throws Exception {
        World world = new World(seed);
        int steps = 5 + world.random.nextInt(25);
        for (int i = 0; i < steps; i++) {
            world.step();
        }
        world.check();
    }
}
