package io.skewer.cli.bench;

import io.skewer.cli.quickstart.KafkaBroker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/**
 * Runs rows, all contenders in turns, and prints a table for each group; also into {@code target/bench}. It is no test: run it by the profile {@code bench}
 * (docs/performance.md).
 *
 * <p>{@code -Dbench.group=throughput} chooses groups, separated by commas, or {@code all}; {@code -Dbench.rows=tcp-file,tcp-kafka} some rows of them;
 * {@code -Dbench.messages=2000000} the size, {@code -Dbench.rounds=1} how often, {@code -Dbench.contenders=rsyslog,syslog-ng,skewer,skewer-unconfined} who.
 */
class SideBySideBench {
    private static final Path RESULTS = Path.of("target", "bench");

    private final long unit = Long.getLong("bench.messages", 2_000_000);
    private final int rounds = Integer.getInteger("bench.rounds", 1);

    @Test
    void everyRowWithEveryContenderInTurns() throws IOException, InterruptedException {
        List<Group> groups = chosen(
                "bench.group",
                Group.THROUGHPUT.label(),
                Arrays.stream(Group.values()).toList(),
                Group::label);
        List<Row> rows = chosen(
                "bench.rows",
                "all",
                Rows.ALL.stream().filter(row -> groups.contains(row.group())).toList(),
                Row::label);
        String who = System.getProperty("bench.contenders", "all");
        List<Contender> contenders = who.equals("all")
                ? Contender.PROGRAMS
                : chosen("bench.contenders", who, List.of(Contender.values()), Contender::label);
        Files.createDirectories(RESULTS);
        for (Group group : groups) {
            List<Measurement> all = new ArrayList<>();
            for (Row row : rows) {
                if (row.group() == group) {
                    all.addAll(race(row, contenders));
                }
            }
            show(group, new Table(all));
        }
    }

    private List<Measurement> race(Row row, List<Contender> contenders) throws IOException, InterruptedException {
        if (!row.toKafka()) {
            return race(row, contenders, Optional.empty());
        }
        try (KafkaBroker broker = KafkaBroker.prepare().start()) {
            return race(row, contenders, Optional.of(broker));
        }
    }

    private List<Measurement> race(Row row, List<Contender> contenders, Optional<KafkaBroker> broker)
            throws IOException, InterruptedException {
        List<Measurement> all = new ArrayList<>();
        for (int round = 0; round < rounds; round++) {
            // Every other round backwards, or a machine that slowly becomes faster would favour the last one.
            for (Contender contender : round % 2 == 0 ? contenders : contenders.reversed()) {
                if (contender.can(row)) {
                    String topic = row.label() + "-" + contender.label() + "-" + round;
                    List<Measurement> measured = new Race(row, contender, unit, broker).run(topic);
                    measured.forEach(System.out::println);
                    all.addAll(measured);
                }
            }
        }
        return all;
    }

    private static void show(Group group, Table table) throws IOException {
        String markdown = table.markdown();
        System.out.println("\n" + markdown);
        Files.writeString(RESULTS.resolve(group.label() + ".md"), markdown);
        Files.write(RESULTS.resolve(group.label() + ".tsv"), table.values());
        GrowthPlot.draw(group, RESULTS);
    }

    private interface Label<T> {
        String of(T one);
    }

    private static <T> List<T> chosen(String property, String otherwise, List<T> known, Label<T> label) {
        String words = System.getProperty(property, otherwise);
        if (words.equals("all")) {
            return known;
        }
        List<String> wanted = List.of(words.split(",", -1));
        List<T> found =
                known.stream().filter(one -> wanted.contains(label.of(one))).toList();
        if (found.size() != wanted.size()) {
            throw new IllegalArgumentException(property + " is all, or some of "
                    + known.stream().map(label::of).toList());
        }
        return found;
    }
}
