package io.skewer.cli.bench;

import io.skewer.cli.quickstart.KafkaBroker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Runs the rows of the table, all contenders in turns, and prints what came out. It is no test: run it by the profile {@code bench}
 * (docs/performance.md).
 *
 * <p>{@code -Dbench.rows=tcp-file,tcp-kafka,relp-file} chooses rows (default: these three; {@code all}), {@code -Dbench.messages=2000000} the size,
 * {@code -Dbench.rounds=3} how often, {@code -Dbench.contenders=rsyslog,skewer} who.
 */
class SideBySideBench {
    private final List<Measurement> all = new ArrayList<>();

    @Test
    void everyRowWithEveryContenderInTurns() throws IOException, InterruptedException {
        List<Row> rows = rows();
        List<Contender> contenders = contenders();
        long unit = Long.getLong("bench.messages", 2_000_000);
        int rounds = Integer.getInteger("bench.rounds", 3);
        for (Row row : rows) {
            if (row.toKafka()) {
                try (KafkaBroker broker = KafkaBroker.prepare().start()) {
                    race(row, contenders, unit, rounds, broker.address());
                }
            } else {
                race(row, contenders, unit, rounds, "");
            }
        }
        String table = Table.of(all);
        System.out.println("\n" + table);
        Path file = Path.of("target", "bench.md");
        Files.writeString(file, table);
        System.out.println("also in " + file.toAbsolutePath());
    }

    private void race(Row row, List<Contender> contenders, long unit, int rounds, String broker)
            throws IOException, InterruptedException {
        for (int round = 0; round < rounds; round++) {
            for (Contender contender : contenders) {
                String topic = row.label() + "-" + contender.label() + "-" + round;
                Measurement one = new Race(row, contender, unit, broker).run(topic);
                System.out.println(one);
                all.add(one);
            }
        }
    }

    private static List<Row> rows() {
        String chosen = System.getProperty("bench.rows", "tcp-file,tcp-kafka,relp-file");
        if (chosen.equals("all")) {
            return List.of(Row.values());
        }
        List<String> labels = List.of(chosen.split(",", -1));
        List<Row> rows = Arrays.stream(Row.values())
                .filter(row -> labels.contains(row.label()))
                .toList();
        if (rows.size() != labels.size()) {
            throw new IllegalArgumentException(
                    "rows are " + Arrays.stream(Row.values()).map(Row::label).toList());
        }
        return rows;
    }

    private static List<Contender> contenders() {
        List<String> labels =
                List.of(System.getProperty("bench.contenders", "rsyslog,skewer").split(",", -1));
        return Arrays.stream(Contender.values())
                .filter(contender -> labels.contains(contender.label()))
                .toList();
    }
}
