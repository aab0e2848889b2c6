package io.skewer.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.skewer.core.measure.Measures;
import io.skewer.store.deadletter.Refusal;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A real process on a real directory, killed with SIGKILL at every named point, then its successors at points of their start, three deep. What
 * the processes wrote about what was kept and settled is held against what is offered at the end.
 */
@Timeout(900)
class KillPointsTest {
    private static final int BATCHES = 60;
    /** Points that every life passes several times. */
    private static final Set<String> OFTEN =
            Set.of("create spare", "rename open", "write open", "sync open", "rename segment", "folder log");

    private static final String SURVIVED = "survived";

    @TempDir
    Path directory;

    private static StoreSettings settings() {
        return TestStore.settings(TestStore.SECRET, true, 4096, "one");
    }

    /** The process. Arguments: directory, where it dies, first number, file for its promises. */
    static final class Life {
        private Life() {}

        public static void main(String[] args) throws Exception {
            Surroundings surroundings = new Surroundings(
                    new PointedDisk(Path.of(args[0]), args[1]), new SecureRandom(), System::currentTimeMillis);
            Store store = Store.open(
                    surroundings,
                    settings(),
                    new Measures(),
                    cause -> Runtime.getRuntime().halt(3));
            Subscription subscription = store.subscribe("one");
            try (Promises promises = new Promises(Path.of(args[3]))) {
                int first = Integer.parseInt(args[2]);
                for (int i = first; i < first + BATCHES; i++) {
                    CountDownLatch kept = new CountDownLatch(1);
                    store.append(TestStore.batch(i + ":" + "x".repeat(150)), "test", kept::countDown);
                    kept.await();
                    promises.add("kept " + i);
                    if (i % 4 == 0) {
                        settle(subscription, promises);
                    }
                }
            }
            store.close();
            Files.writeString(Path.of(args[3]), SURVIVED + "\n", java.nio.file.StandardOpenOption.APPEND);
        }

        private static void settle(Subscription subscription, Promises promises) throws Exception {
            for (Offer offer = subscription.poll(); offer != null; offer = subscription.poll()) {
                int number = number(TestStore.texts(offer.batch()).getFirst());
                promises.add("settled " + number);
                if (number % 10 == 0) {
                    subscription.fail(offer.number(), 0, new Refusal(1, 1, "no"));
                } else {
                    subscription.settle(offer.number(), 0, 1);
                }
            }
        }
    }

    /** What a process promised: written at once, since it may be the last thing that it does. */
    private static final class Promises implements AutoCloseable {
        private final java.io.FileOutputStream out;

        Promises(Path file) throws IOException {
            out = new java.io.FileOutputStream(file.toFile(), true);
        }

        void add(String line) throws IOException {
            out.write((line + "\n").getBytes(StandardCharsets.US_ASCII));
        }

        @Override
        public void close() throws IOException {
            out.close();
        }
    }

    private static int number(String text) {
        return Integer.parseInt(text.substring(0, text.indexOf(':')));
    }

    /** @return whether the process died at its point */
    private static boolean live(Path store, String where, int first, Path promises) throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx64m",
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-Xshare:auto",
                        // A killed process does not delete the native library that it unpacked.
                        "-Djava.io.tmpdir=" + promises.getParent(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow",
                        Life.class.getName(),
                        store.toString(),
                        where,
                        String.valueOf(first),
                        promises.toString())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectErrorStream(true)
                .start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).as(where).isTrue();
        assertThat(process.exitValue()).as(where).isIn(0, 137);
        return process.exitValue() == 137;
    }

    private static void check(Path store, Path promises, String what) throws Exception {
        Set<Integer> missing = new TreeSet<>();
        if (Files.exists(promises)) {
            for (String line : Files.readAllLines(promises)) {
                if (line.startsWith("kept ")) {
                    missing.add(Integer.valueOf(line.substring("kept ".length())));
                } else if (line.startsWith("settled ")) {
                    missing.remove(Integer.valueOf(line.substring("settled ".length())));
                }
            }
        }
        Measures measures = new Measures();
        Store opened = Store.open(store, settings(), measures, cause -> {});
        List<Integer> offered = new ArrayList<>();
        TestStore.drain(opened.subscribe("one"), true).forEach(text -> offered.add(number(text)));
        opened.close();
        assertThat(offered).as(what).isSorted().doesNotHaveDuplicates();
        offered.forEach(missing::remove);
        assertThat(missing).as("%s: kept and never offered", what).isEmpty();
        assertThat(Files.exists(store.resolve("quarantine"))).as(what).isFalse();
    }

    @Test
    void everythingKeptComesWhereverTheProcessIsKilled() throws Exception {
        Random random = new Random(3);
        List<String> notReached = new ArrayList<>(PointedDisk.POINTS);
        List<String> log = Collections.synchronizedList(new ArrayList<>());
        int history = 0;
        for (String point : PointedDisk.POINTS) {
            for (String moment : point.startsWith("write") ? List.of("half", "after") : List.of("before", "after")) {
                Path store = directory.resolve("store-" + history);
                Path promises = directory.resolve("promises-" + history++);
                String where = moment + " " + point + " " + (OFTEN.contains(point) ? 1 + random.nextInt(3) : 1);
                boolean died = live(store, where, 0, promises);
                for (int depth = 1; depth <= 2 && died; depth++) {
                    String next = PointedDisk.POINTS.get(random.nextInt(PointedDisk.POINTS.size()));
                    live(store, "after " + next + " 1", depth * BATCHES, promises);
                    where += ", after " + next;
                }
                if (died) {
                    notReached.remove(point);
                }
                check(store, promises, where);
                log.add(where + (died ? "" : " (not reached)"));
            }
        }
        System.out.println(history + " histories: " + log);
        assertThat(notReached).isEmpty();
    }
}
