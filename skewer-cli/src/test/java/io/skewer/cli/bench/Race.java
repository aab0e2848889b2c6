package io.skewer.cli.bench;

import io.skewer.cli.quickstart.KafkaBroker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** One contender in one row: a directory of its own, start, whatever the row measures, stop, clean up. */
final class Race {
    private static final int PARTITIONS = 2;

    private final Row row;
    private final Contender contender;
    private final long unit;
    private final Optional<KafkaBroker> broker;

    Race(Row row, Contender contender, long unit, Optional<KafkaBroker> broker) {
        this.row = row;
        this.contender = contender;
        this.unit = unit;
        this.broker = broker;
    }

    List<Measurement> run(String topic) throws IOException, InterruptedException {
        Path directory = Files.createTempDirectory("skewer-bench");
        String address = broker.map(KafkaBroker::address).orElse("");
        Place place = Place.in(directory, address, topic);
        try (Arrivals arrivals = row.toKafka()
                ? Arrivals.Records.ofNew(address, topic, PARTITIONS)
                : new Arrivals.Lines(place.output())) {
            return run(place, arrivals);
        } finally {
            delete(directory);
        }
    }

    private List<Measurement> run(Place place, Arrivals arrivals) throws IOException, InterruptedException {
        long startNs = System.nanoTime();
        try (Running running = contender.start(row, place)) {
            Startup startup = Startup.await(contender, running, place, startNs);
            Thread.sleep(1000);
            Session session = new Session(row, contender, place, running, startup, arrivals, unit, broker);
            return switch (row.group()) {
                case THROUGHPUT, FSYNC, UDP, CONNECTIONS, SIZES -> List.of(Throughput.measure(session));
                case OUTAGE -> List.of(Outage.measure(session));
                case TRICKLE -> List.of(Trickle.measure(session));
                case IDLE -> List.of(Idle.measure(session));
                case BACKLOG -> Backlog.measure(session);
            };
        }
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
