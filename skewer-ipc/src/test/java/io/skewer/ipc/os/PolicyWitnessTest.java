package io.skewer.ipc.os;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.skewer.ipc.os.PolicyText.Condition;
import io.skewer.ipc.os.PolicyText.Line;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The policies against what the processes really do, as a recorded run wrote it down ({@code native/policy/witness}, made anew by
 * {@code mvn -Precord verify}): no call was outside, and no line is there for nothing.
 */
class PolicyWitnessTest {
    private static final int AUDIT_X86_64 = 0xc000003e;
    private static final int ARGUMENTS = 6;

    private record Witness(String call, long[] arguments) {}

    private final Map<String, List<Witness>> witnesses = new TreeMap<>();
    private final Map<String, PolicyText> texts = new TreeMap<>();

    PolicyWitnessTest() throws IOException {
        try (Stream<Path> files = Files.list(FilterProgram.policies())) {
            for (Path file : files.toList()) {
                String name = file.getFileName().toString().replace(".policy", "");
                if (file.toString().endsWith(".policy")
                        && !Set.of("common", "launch").contains(name)) {
                    texts.put(name, PolicyText.read(name));
                    witnesses.put(name, read(FilterProgram.policies().resolve("witness/" + name + ".tsv")));
                }
            }
        }
    }

    private static List<Witness> read(Path file) throws IOException {
        List<Witness> all = new ArrayList<>();
        for (String line : Files.readAllLines(file)) {
            String[] cells = line.split("\t", -1);
            long[] arguments = new long[ARGUMENTS];
            for (int i = 1; i < cells.length; i++) {
                arguments[cells[i].charAt(1) - '0'] = Long.decode(cells[i].substring(3));
            }
            all.add(new Witness(cells[0], arguments));
        }
        return all;
    }

    @Test
    void noRecordedCallIsOutsideOfThePolicyOfItsRole() throws IOException {
        Map<String, FilterProgram> programs = FilterProgram.readAll();
        Map<String, Integer> numbers = requireNonNull(FilterProgram.numbers().get("x86_64"));
        witnesses.forEach((role, seen) -> {
            FilterProgram program = requireNonNull(programs.get(role + " x86_64"));
            assertThat(seen).as("%s was recorded", role).hasSizeGreaterThan(20);
            for (Witness witness : seen) {
                int number = requireNonNull(numbers.get(witness.call));
                int verdict = program.judge(AUDIT_X86_64, number, witness.arguments);
                assertThat(verdict == FilterProgram.ALLOW || (verdict & 0xffff0000) == FilterProgram.ERRNO)
                        .as("%s made %s", role, witness)
                        .isTrue();
            }
        });
    }

    /** A call that several roles share needs one witness among them. */
    @Test
    void everyLineHasAWitnessOrAWrittenReasonAndNotBoth() {
        Set<Line> witnessed = new HashSet<>();
        Set<Line> all = new HashSet<>();
        Set<Line> reasoned = new HashSet<>();
        texts.forEach((role, text) -> {
            all.addAll(text.lines());
            text.lines().stream().filter(line -> hasReason(text, line)).forEach(reasoned::add);
            for (Witness witness : requireNonNull(witnesses.get(role))) {
                text.linesFor(witness.call).stream()
                        .filter(line -> line.matches(witness.arguments))
                        .findFirst()
                        .ifPresent(witnessed::add);
            }
        });
        Set<String> faults = new TreeSet<>();
        for (Line line : all) {
            // A reason is for all lines of a call that need one.
            boolean isNeeded = all.stream()
                    .anyMatch(other -> other.file().equals(line.file())
                            && other.call().equals(line.call())
                            && !witnessed.contains(other));
            if (reasoned.contains(line) && !isNeeded) {
                faults.add(line + ": has a witness now, so no reason is needed");
            } else if (!reasoned.contains(line) && !witnessed.contains(line)) {
                faults.add(line + ": neither witness nor reason");
            }
        }
        assertThat(faults).isEmpty();
    }

    /** Values of a line that nobody used are as much too wide as a line. Those of lines without any witness have the reason of the line. */
    @Test
    void everyValueOfAWitnessedLineHasAWitnessOrAWrittenReasonAndNotBoth() {
        Map<String, Set<Long>> unused = new TreeMap<>();
        Map<String, Set<Long>> reasoned = new TreeMap<>();
        texts.forEach((role, text) -> {
            reasoned.putAll(text.unseenValues());
            for (Line line : text.lines()) {
                for (Condition condition : line.conditions()) {
                    if (condition.test().equals("in") && !isReasonedByCall(text, line)) {
                        unused.computeIfAbsent(line.call() + " a" + condition.argument(), ignored -> new TreeSet<>())
                                .addAll(condition.values());
                    }
                }
            }
        });
        witnesses
                .values()
                .forEach(seen -> seen.forEach(witness -> unused.forEach((key, values) -> {
                    if (key.startsWith(witness.call + " a")) {
                        values.remove(witness.arguments[key.charAt(key.length() - 1) - '0']);
                    }
                })));
        unused.values().removeIf(Set::isEmpty);
        assertThat(unused).isEqualTo(reasoned);
    }

    /** One for all lines of the call, or one for every value that the line names. */
    private static boolean hasReason(PolicyText text, Line line) {
        return isReasonedByCall(text, line)
                || line.conditions().stream()
                        .anyMatch(condition -> condition.test().equals("in")
                                && text.unseenValues()
                                        .getOrDefault(line.call() + " a" + condition.argument(), Set.of())
                                        .containsAll(condition.values()));
    }

    private static boolean isReasonedByCall(PolicyText text, Line line) {
        return text.unseen().getOrDefault(line.file(), Set.of()).contains(line.call());
    }
}
