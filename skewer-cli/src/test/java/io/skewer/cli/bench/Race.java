package io.skewer.cli.bench;

import io.skewer.cli.loadgen.Load;
import io.skewer.cli.loadgen.Loadgen;
import io.skewer.cli.loadgen.MessageForm;
import io.skewer.cli.loadgen.Outcome;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;

/** One contender in one row: start, first answer, warm up, send, wait, measure, stop, clean up. */
final class Race {
    private static final int PARTITIONS = 2;
    private static final long POLL_MS = 10;
    private static final Duration SETTLED_AFTER = Duration.ofMillis(1500);
    private static final Duration STARTS_WITHIN = Duration.ofSeconds(60);

    private final Row row;
    private final Contender contender;
    private final long unit;
    private final String broker;

    /** @param broker {@code host:port}, empty when the row has none */
    Race(Row row, Contender contender, long unit, String broker) {
        this.row = row;
        this.contender = contender;
        this.unit = unit;
        this.broker = broker;
    }

    Measurement run(String topic) throws IOException, InterruptedException {
        Path directory = Files.createTempDirectory("skewer-bench");
        Place place = Place.in(directory, broker, topic);
        try (Arrivals arrivals = row.toKafka()
                ? Arrivals.Records.ofNew(broker, topic, PARTITIONS)
                : new Arrivals.Lines(place.output())) {
            return run(place, arrivals);
        } finally {
            delete(directory);
        }
    }

    private Measurement run(Place place, Arrivals arrivals) throws IOException, InterruptedException {
        long startNs = System.nanoTime();
        try (Contender.Running running = contender.start(place)) {
            awaitAnswer(place, startNs);
            final Duration acknowledged = since(startNs);
            running.awaitWork();
            final Duration started = since(startNs);
            ProcessTree tree = new ProcessTree(running.process().toHandle());
            Thread.sleep(1000);
            final Map<String, Double> idle = tree.pssMiB();
            // Warm is what has compiled its loops and filled its heap.
            send(place, Math.max(row.messages(unit) / 2, 50_000), arrivals);
            long before = arrivals.count();
            Map<String, Double> cpuBefore = tree.cpuSeconds();
            long messages = row.messages(unit);
            Duration took = send(place, messages, arrivals);
            Map<String, Double> cpu = difference(tree.cpuSeconds(), cpuBefore);
            return new Measurement(
                    row,
                    contender,
                    acknowledged,
                    started,
                    messages,
                    arrivals.count() - before,
                    took,
                    cpu,
                    idle,
                    tree.pssMiB());
        }
    }

    /** Sends one message over RELP, as soon as anyone answers. */
    private static void awaitAnswer(Place place, long startNs) throws IOException, InterruptedException {
        Load one = new Load(
                Load.Transport.RELP,
                new InetSocketAddress(InetAddress.getLoopbackAddress(), place.relp()),
                new MessageForm(MessageForm.Format.RFC5424, 256, Instant.now()),
                1,
                1,
                0,
                1);
        while (true) {
            try {
                Loadgen.run(one);
                return;
            } catch (ConnectException notYet) {
                if (since(startNs).compareTo(STARTS_WITHIN) > 0) {
                    throw notYet;
                }
                Thread.sleep(2);
            }
        }
    }

    /** @return from the first message sent to the last progress at the destination */
    private Duration send(Place place, long messages, Arrivals arrivals) throws IOException, InterruptedException {
        Load load = row.load(place, messages);
        try (ExecutorService sending = Executors.newSingleThreadExecutor()) {
            final long startNs = System.nanoTime();
            Future<Outcome> sent = sending.submit(() -> Loadgen.run(load));
            long last = arrivals.progress();
            long lastNs = startNs;
            while (true) {
                Thread.sleep(POLL_MS);
                long now = arrivals.progress();
                long nowNs = System.nanoTime();
                if (now != last) {
                    last = now;
                    lastNs = nowNs;
                } else if (sent.isDone() && nowNs - lastNs > SETTLED_AFTER.toNanos()) {
                    sent.get();
                    return Duration.ofNanos(lastNs - startNs);
                }
            }
        } catch (ExecutionException cause) {
            throw new IOException(cause);
        }
    }

    private static Duration since(long startNs) {
        return Duration.ofNanos(System.nanoTime() - startNs);
    }

    private static Map<String, Double> difference(Map<String, Double> after, Map<String, Double> before) {
        Map<String, Double> difference = new TreeMap<>();
        after.forEach((name, value) -> difference.put(name, value - before.getOrDefault(name, 0.0)));
        return difference;
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            List<Path> all = files.sorted(Comparator.reverseOrder()).toList();
            for (Path file : all) {
                Files.deleteIfExists(file);
            }
        }
    }
}
