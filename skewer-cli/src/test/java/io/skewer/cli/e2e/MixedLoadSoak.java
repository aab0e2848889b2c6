package io.skewer.cli.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.skewer.cli.quickstart.KafkaBroker;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * R40: all kinds of load at once, for an hour, while the store dies (R01), its syncs fail (R10) and the broker goes and comes back (R28), at
 * random. At the end the history of every load is checked at both destinations, every queue is empty, the processes hold no more than at the
 * start, and no process was refused a system call. All layers of confinement are on.
 *
 * <p>{@code mvn -B -Psoak verify}; {@code -Dskewer.soak.minutes=4} makes it shorter, {@code -Dskewer.seed=N} makes the same choices again. A further
 * kind of load is one more {@link SoakLoad} in {@link #loads}.
 */
class MixedLoadSoak {
    private static final Duration LENGTH = Duration.ofMinutes(Integer.getInteger("skewer.soak.minutes", 60));
    /** What the processes hold is compared with what they held after a tenth of the time. */
    private static final Duration WARM_UP = LENGTH.dividedBy(10);

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int SPARE_DESCRIPTORS = 8;
    private static final int SPARE_THREADS = 8;
    private static final int SPARE_MIB = 48;

    @TempDir
    Path directory;

    private List<SoakLoad> loads(TestDaemon daemon) {
        return List.of(
                new RelpLoad(daemon, "relp-a", 300),
                new RelpLoad(daemon, "relp-b", 300),
                new TcpLoad(new InetSocketAddress(InetAddress.getLoopbackAddress(), daemon.tcpPort), "tcp", 300),
                new TcpLoad(UnixDomainSocketAddress.of(unixSocket()), "unix", 100),
                new UdpLoad(daemon, "udp", 100));
    }

    private Path unixSocket() {
        return directory.resolve("tcp.sock");
    }

    @Test
    void nothingIsLostOrKeptForeverThoughProcessesDisksAndBrokersFailAtRandom() throws Exception {
        long seed = Long.getLong("skewer.seed", System.nanoTime());
        System.out.println("soak: skewer.soak.minutes=" + LENGTH.toMinutes() + " skewer.seed=" + seed);
        FaultyLibrary library = FaultyLibrary.install(directory);
        try (KafkaBroker broker = KafkaBroker.prepare().start();
                TestDaemon daemon = new DaemonSetup(directory)
                        .on(library)
                        .destination("file,kafka")
                        .alsoKafka(broker.address(), "soak")
                        .fileDestination("flush_period = \"100ms\"")
                        .sections("[store]\nsegment_size = \"4MiB\"\n")
                        .sections("[[tcp_source]]\nunix_socket_path = \"%s\"\ntopic_tmpl = \"soak\"\n"
                                .formatted(unixSocket()))
                        .start()) {
            List<SoakLoad> loads = loads(daemon);
            try {
                for (SoakLoad load : loads) {
                    load.start();
                }
                Random random = new Random(seed);
                Map<String, Integer> faults = new TreeMap<>();
                fail(daemon, broker, library, random, WARM_UP, faults);
                Holdings before = Holdings.of(daemon, library);
                fail(daemon, broker, library, random, LENGTH.minus(WARM_UP), faults);
                for (SoakLoad load : loads) {
                    load.stop();
                }
                settle(daemon);
                Holdings after = Holdings.of(daemon, library);
                System.out.println("soak: faults " + faults + "\nbefore " + before + "\nafter  " + after);
                check(daemon, broker, loads);
                assertNothingOutOfTheOrdinary(daemon, faults);
                after.assertNoMoreThan(before);
            } finally {
                for (SoakLoad load : loads) {
                    load.close();
                }
            }
        }
    }

    /**
     * Lets things fail for a time, one at a time.
     *
     * @param faults gets how often what failed
     */
    private static void fail(
            TestDaemon daemon,
            KafkaBroker broker,
            FaultyLibrary library,
            Random random,
            Duration time,
            Map<String, Integer> faults)
            throws Exception {
        long endNs = System.nanoTime() + time.toNanos();
        while (System.nanoTime() < endNs) {
            awaitStore(daemon);
            switch (random.nextInt(3)) {
                case 0 -> {
                    daemon.killAndAwaitSuccessor("skewer-store");
                    faults.merge("store killed", 1, Integer::sum);
                }
                case 1 -> {
                    library.failNextSync();
                    faults.merge("sync failed", 1, Integer::sum);
                }
                default -> {
                    broker.kill();
                    TimeUnit.MILLISECONDS.sleep(1_000 + random.nextInt(9_000));
                    broker.start();
                    faults.merge("broker gone", 1, Integer::sum);
                }
            }
            TimeUnit.MILLISECONDS.sleep(2_000 + random.nextInt(8_000));
        }
        awaitStore(daemon);
    }

    /** At a second failure of a sync within a minute the store ends by itself, and may be on its way back. */
    private static void awaitStore(TestDaemon daemon) throws IOException, InterruptedException {
        daemon.await("the store to run", () -> daemon.children().containsKey("skewer-store"));
    }

    private static void settle(TestDaemon daemon) throws Exception {
        daemon.await("empty queues", () -> daemon.metric("skewer_queue_messages") == 0);
        daemon.await("old segments to go", () -> daemon.metric("skewer_store_segments") <= 2);
    }

    private static void check(TestDaemon daemon, KafkaBroker broker, List<SoakLoad> loads) throws Exception {
        int least = loads.stream().mapToInt(SoakLoad::promised).sum();
        try (TopicHistory topic = new TopicHistory(broker.address(), "soak")) {
            for (History history : List.of(daemon.read(), topic.awaitMessages(least, PATIENCE))) {
                List<String> faults = new ArrayList<>();
                for (SoakLoad load : loads) {
                    faults.addAll(load.faults(history));
                }
                assertThat(faults).isEmpty();
                System.out.println("soak: distinct " + history.distinct() + ", twice " + history.duplicates());
            }
        }
        assertThat(daemon.metric("skewer_lost_messages_total")).isZero();
        assertThat(daemon.metric("skewer_failed_messages_total")).isZero();
        assertThat(daemon.metric("skewer_dropped_messages_total")).isZero();
    }

    private static void assertNothingOutOfTheOrdinary(TestDaemon daemon, Map<String, Integer> faults) throws Exception {
        assertThat(daemon.metric("skewer_refused_calls_total")).isZero();
        assertThat(daemon.metric("skewer_process_restarts_total", "role=\"store\""))
                .as("what was killed, and what ended at a second failure within a minute")
                .isBetween(
                        (double) faults.getOrDefault("store killed", 0),
                        (double) faults.getOrDefault("store killed", 0) + faults.getOrDefault("sync failed", 0));
        assertThat(daemon.metric("skewer_process_restarts_total"))
                .isEqualTo(daemon.metric("skewer_process_restarts_total", "role=\"store\""));
        assertThat(Files.exists(daemon.store().resolve("quarantine"))).isFalse();
    }

    /**
     * What the processes and the store hold: the numbers of descriptors and threads, memory outside of the Java heap, and files. A heap has its
     * limit from the start and is used up to it by and by, which says nothing; what an hour's millions of messages left in it for ever
     * would end the process, and that is looked for.
     */
    private record Holdings(
            Map<String, List<String>> descriptors,
            Map<String, Long> threads,
            Map<String, Long> outsideHeapMiB,
            long files) {
        static Holdings of(TestDaemon daemon, FaultyLibrary library) throws Exception {
            Map<String, List<String>> descriptors = new TreeMap<>();
            Map<String, Long> threads = new TreeMap<>();
            Map<String, Long> outsideHeapMiB = new TreeMap<>();
            ProcessHandle launcher = daemon.serve().process().toHandle();
            Map<String, ProcessHandle> processes = daemon.children();
            processes.put("launcher", launcher);
            launcher.children()
                    .filter(child -> TestDaemon.title(child.pid()).isEmpty())
                    .forEach(child -> processes.put("supervisor", child));
            for (Map.Entry<String, ProcessHandle> process : processes.entrySet()) {
                Path proc = Path.of("/proc/" + process.getValue().pid());
                descriptors.put(process.getKey(), targets(proc.resolve("fd"), library.home()));
                threads.put(process.getKey(), TestDaemon.entries(proc.resolve("task")));
                outsideHeapMiB.put(
                        process.getKey(),
                        ProcessMemory.outsideHeapMiB(process.getValue().pid()));
            }
            return new Holdings(descriptors, threads, outsideHeapMiB, TestDaemon.entries(daemon.store()));
        }

        /**
         * What the descriptors of a process lead to, but for the program itself: a JVM opens each jar when it first looks into it, which
         * ends when it has opened them all.
         */
        private static List<String> targets(Path descriptors, Path program) throws IOException {
            List<String> targets = new ArrayList<>();
            try (Stream<Path> all = Files.list(descriptors)) {
                for (Path descriptor : all.sorted().toList()) {
                    try {
                        String target = Files.readSymbolicLink(descriptor).toString();
                        if (!Path.of(target).startsWith(program)) {
                            targets.add(target);
                        }
                    } catch (NoSuchFileException ignored) {
                        // Closed since the directory was listed.
                    }
                }
            }
            return targets;
        }

        @Override
        public String toString() {
            Map<String, Integer> counts = new TreeMap<>();
            descriptors.forEach((process, targets) -> counts.put(process, targets.size()));
            return "descriptors " + counts + ", threads " + threads + ", MiB outside of heaps " + outsideHeapMiB
                    + ", files " + files;
        }

        void assertNoMoreThan(Holdings before) {
            assertThat(descriptors.keySet()).isEqualTo(before.descriptors.keySet());
            descriptors.forEach((process, targets) -> assertThat(targets)
                    .as("descriptors of %s, before: %s", process, before.descriptors.get(process))
                    .hasSizeLessThanOrEqualTo(before.descriptors.get(process).size() + SPARE_DESCRIPTORS));
            threads.forEach((process, count) -> assertThat(count)
                    .as("threads of %s", process)
                    .isLessThanOrEqualTo(before.threads.get(process) + SPARE_THREADS));
            outsideHeapMiB.forEach((process, mebibytes) -> assertThat(mebibytes)
                    .as("MiB of %s outside of its heap", process)
                    .isLessThanOrEqualTo(before.outsideHeapMiB.get(process) + SPARE_MIB));
            assertThat(files).as("files of the store").isLessThanOrEqualTo(before.files + 2);
        }
    }
}
