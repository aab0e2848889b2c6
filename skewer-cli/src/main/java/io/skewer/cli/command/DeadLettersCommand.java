package io.skewer.cli.command;

import io.skewer.cli.role.StoreConfig;
import io.skewer.core.config.InvalidConfig;
import io.skewer.store.deadletter.DeadLetter;
import io.skewer.store.deadletter.Gone;
import io.skewer.store.deadletter.LetterIndex;
import io.skewer.store.deadletter.LetterLog;
import io.skewer.store.order.Order;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code skewer dead-letters}: what destinations refused for good. */
@Command(
        name = "dead-letters",
        synopsisSubcommandLabel = "COMMAND",
        description = {
            "Look at the messages that a destination refused for good, deliver them after all, or drop them.",
            "ls and show only read. All but replay work whether the daemon runs or not."
        })
final class DeadLettersCommand {
    private static final long SECOND_MS = 1000;
    private static final int RANGES_PER_ORDER = 5000;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    /** Which letters. */
    static final class Choice {
        @Option(names = "--destination", paramLabel = "DEST", description = "Only those of this destination.")
        private @Nullable String destination;

        @Option(names = "--reason", paramLabel = "REASON", description = "Only those refused for this reason.")
        private @Nullable String reason;

        @Option(names = "--sender", paramLabel = "ADDRESS", description = "Only messages from this address.")
        private @Nullable String sender;

        @Option(
                names = "--since",
                paramLabel = "TIME",
                description = "Only those refused at or after 2026-01-31T12:00:00Z.")
        private @Nullable String since;

        @Option(names = "--until", paramLabel = "TIME", description = "Only those refused before.")
        private @Nullable String until;

        @Parameters(paramLabel = "NUMBER", arity = "0..*", description = "Only these.")
        private List<Long> numbers = List.of();

        private boolean isEverything() {
            return destination == null
                    && reason == null
                    && sender == null
                    && since == null
                    && until == null
                    && numbers.isEmpty();
        }

        private LetterIndex.Filter filter() throws IOException {
            String word = reason;
            Integer code = word == null ? null : StoreConfig.reasons().indexOf(word);
            if (code != null && code < 0) {
                throw new IOException("no reason " + word + "; known are " + String.join(", ", StoreConfig.reasons()));
            }
            return new LetterIndex.Filter(
                    destination, code, sender, time(since, Long.MIN_VALUE), time(until, Long.MAX_VALUE));
        }

        private static long time(@Nullable String text, long otherwise) throws IOException {
            try {
                return text == null ? otherwise : Instant.parse(text).toEpochMilli();
            } catch (java.time.format.DateTimeParseException cause) {
                throw new IOException("'" + text + "' is no time like 2026-01-31T12:00:00Z", cause);
            }
        }
    }

    private static LetterLog letters(StoreAccess access) throws IOException, InvalidConfig {
        return new LetterLog(access.disk(), access.keys(), (where, from, to, why) -> {});
    }

    private static List<Long> find(StoreAccess access, Choice choice) throws IOException, InvalidConfig {
        access.readableFiles();
        try (LetterIndex index = LetterIndex.open(StoreCommand.index(access), access.keys(), letters(access))) {
            List<Long> found = new ArrayList<>(index.find(choice.filter()));
            if (choice.numbers.isEmpty()) {
                return found;
            }
            Set<Long> missing = new TreeSet<>(choice.numbers);
            found.forEach(missing::remove);
            if (!missing.isEmpty()) {
                throw new IOException("there is no such dead letter (any more): " + missing);
            }
            found.retainAll(new HashSet<>(choice.numbers));
            return found;
        }
    }

    private static Map<Long, DeadLetter> read(StoreAccess access, List<Long> numbers)
            throws IOException, InvalidConfig {
        Set<Long> wanted = new HashSet<>(numbers);
        Map<Long, DeadLetter> read = new TreeMap<>();
        if (!numbers.isEmpty()) {
            letters(access).read(numbers.getFirst(), new LetterLog.Visitor() {
                @Override
                public void letter(long number, DeadLetter letter) {
                    if (wanted.contains(number)) {
                        read.put(number, letter);
                    }
                }

                @Override
                public void gone(Gone gone) {
                    // The index knows.
                }
            });
        }
        return read;
    }

    private static String reason(DeadLetter letter) {
        int code = letter.reasonCode() & 0xFF;
        return code < StoreConfig.reasons().size() ? StoreConfig.reasons().get(code) : "reason " + code;
    }

    private static Rows.Row row(long number, DeadLetter letter) {
        return new Rows.Row()
                .with("number", number)
                .with("refused", Instant.ofEpochMilli(letter.failedMs()))
                .with("destination", letter.destination())
                .with("reason", reason(letter))
                .with("sender", LetterIndex.senderOf(letter))
                .with("attempts", letter.attempts())
                .with("text", letter.text());
    }

    /** Not on standard output: there it would be taken for one. */
    private void sayWhenNone(StoreAccess access, List<Long> found) {
        if (found.isEmpty() && !access.json) {
            spec.commandLine().getErr().println("no dead letters");
        }
    }

    @Command(name = "ls", description = "List dead letters.")
    int ls(
            @Mixin StoreAccess access,
            @Mixin Choice choice,
            @Option(
                            names = "--limit",
                            paramLabel = "N",
                            defaultValue = "1000",
                            description = "List no more (default: ${DEFAULT-VALUE}).")
                    int limit)
            throws IOException, InvalidConfig {
        Checks.notNegative(spec, "--limit", limit);
        List<Long> found = find(access, choice);
        Rows rows = new Rows();
        read(access, found.subList(0, Math.min(limit, found.size())))
                .forEach((number, letter) -> rows.add(row(number, letter)));
        sayWhenNone(access, found);
        String more = found.size() > limit && !access.json ? "... and " + (found.size() - limit) + " more\n" : "";
        return Answer.print(spec, rows.text(access.json) + more);
    }

    @Command(name = "show", description = "Show dead letters with their whole messages.")
    int show(@Mixin StoreAccess access, @Mixin Choice choice) throws IOException, InvalidConfig {
        Messages messages = new Messages("fulljson");
        StringBuilder text = new StringBuilder();
        List<Long> found = find(access, choice);
        sayWhenNone(access, found);
        read(access, found).forEach((number, letter) -> {
            Rows one = new Rows();
            Rows.Row row = row(number, letter).with("first_tried", Instant.ofEpochMilli(letter.firstMs()));
            one.add(access.json ? row.with("message", messages.line(letter.record())) : row);
            text.append(one.text(access.json));
            if (!access.json) {
                text.append(messages.line(letter.record())).append("\n\n");
            }
        });
        return Answer.print(spec, text.toString());
    }

    @Command(name = "replay", description = "Offer dead letters to their destinations once more. The daemon must run.")
    int replay(
            @Mixin StoreAccess access,
            @Mixin Choice choice,
            @Option(
                            names = "--rate",
                            paramLabel = "N",
                            defaultValue = "1000",
                            description = "How many in a second (default: ${DEFAULT-VALUE}).")
                    int rate,
            @Option(names = "--dry-run", description = "Only say how many.") boolean dryRun)
            throws IOException, InvalidConfig, InterruptedException {
        Checks.positive(spec, "--rate", rate);
        Map<String, List<Long>> byDestination = new HashMap<>();
        read(access, find(access, choice))
                .forEach((number, letter) -> byDestination
                        .computeIfAbsent(letter.destination(), name -> new ArrayList<>())
                        .add(number));
        StringBuilder text = new StringBuilder();
        for (Map.Entry<String, List<Long>> entry : byDestination.entrySet()) {
            List<Long> all = entry.getValue();
            int step = Math.min(rate, RANGES_PER_ORDER);
            for (int at = 0; !dryRun && at < all.size(); at += step) {
                long startNs = System.nanoTime();
                List<Long> part = all.subList(at, Math.min(all.size(), at + step));
                access.execute(new Order.Replay(entry.getKey(), Order.rangesOf(part)));
                long leftMs = SECOND_MS - (System.nanoTime() - startNs) / 1_000_000;
                if (leftMs > 0 && at + step < all.size()) {
                    Thread.sleep(leftMs);
                }
            }
            text.append(dryRun ? "would offer " : "offered ")
                    .append(all.size())
                    .append(" dead letters to ")
                    .append(entry.getKey())
                    .append(" again\n");
        }
        return Answer.print(
                spec,
                text.isEmpty() ? (dryRun ? "would offer" : "offered") + " 0 dead letters again\n" : text.toString());
    }

    @Command(name = "drop", description = "Forget dead letters for good.")
    int drop(
            @Mixin StoreAccess access,
            @Mixin Choice choice,
            @Option(names = "--all", description = "All dead letters that there are.") boolean all,
            @Option(names = "--dry-run", description = "Only say how many.") boolean dryRun)
            throws IOException, InvalidConfig, InterruptedException {
        if (choice.isEverything() && !all && !dryRun) {
            throw new ParameterException(
                    spec.commandLine(),
                    "say which: numbers, --destination, --reason, --sender, --since, --until, or --all");
        }
        List<Long> found = find(access, choice);
        List<Gone> ranges = Order.rangesOf(found);
        for (int at = 0; !dryRun && at < ranges.size(); at += RANGES_PER_ORDER) {
            access.execute(new Order.DropLetters(ranges.subList(at, Math.min(ranges.size(), at + RANGES_PER_ORDER))));
        }
        return Answer.print(spec, (dryRun ? "would drop " : "dropped ") + found.size() + " dead letters\n");
    }
}
