package io.skewer.ipc.os;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.skewer.ipc.os.PolicyText.Condition;
import io.skewer.ipc.os.PolicyText.Line;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Generated from the policy files: every line of every role gets calls that it decides, and the same calls altered in one argument so that it
 * does not, for both architectures and both halves of the arguments. A line for which no such calls can be made fails the tests, so none can be
 * added without.
 */
class PolicyLinesTest {
    private static final Map<String, Integer> ARCHITECTURES = Map.of("x86_64", 0xc000003e, "aarch64", 0xc00000b7);
    private static final int NUMBERS = 700;

    private final Map<String, FilterProgram> programs = FilterProgram.readAll();
    private final Map<String, PolicyText> texts = new TreeMap<>();
    private final Map<String, Map<String, Integer>> numbers = FilterProgram.numbers();

    PolicyLinesTest() throws IOException {
        for (String policy : policies()) {
            texts.put(policy, PolicyText.read(policy));
        }
    }

    private static List<String> policies() throws IOException {
        try (Stream<Path> files = Files.list(FilterProgram.policies())) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".policy") && !name.equals("common.policy"))
                    .map(name -> name.replace(".policy", ""))
                    .sorted()
                    .toList();
        }
    }

    private interface ForEach {
        void take(String name, PolicyText text, FilterProgram program, String architecture);
    }

    private void forEachProgram(ForEach step) {
        texts.forEach((policy, text) -> ARCHITECTURES.keySet().forEach(architecture -> {
            String name = policy + " " + architecture;
            step.take(name, text, requireNonNull(programs.get(name)), architecture);
        }));
    }

    private Map<String, Integer> numbersOf(String architecture) {
        return requireNonNull(numbers.get(architecture));
    }

    private static int audit(String architecture) {
        return requireNonNull(ARCHITECTURES.get(architecture));
    }

    @Test
    void everyCompiledProgramSaysWhatTheTextSaysAboutAllCallsThatCanBeMadeOfIt() {
        forEachProgram((name, text, program, architecture) -> numbersOf(architecture)
                .forEach((call, number) -> {
                    for (long[] arguments : PolicyCalls.of(text.linesFor(call))) {
                        assertThat(program.judge(audit(architecture), number, arguments))
                                .as("%s %s %s", name, call, hex(arguments))
                                .isEqualTo(text.judge(call, arguments));
                    }
                }));
    }

    @Test
    void aNumberThatNoLineNamesGetsTheVerdictForAllOthers() {
        forEachProgram((name, text, program, architecture) -> {
            Set<Integer> named = text.lines().stream()
                    .map(line -> numbersOf(architecture).getOrDefault(line.call(), -1))
                    .collect(Collectors.toSet());
            for (int number = 0; number < NUMBERS; number++) {
                if (!named.contains(number)) {
                    assertThat(program.judge(audit(architecture), number))
                            .as("%s call %s", name, number)
                            .isEqualTo(text.otherwise());
                }
            }
        });
    }

    @Test
    void everyLineDecidesACallAndNotTheSameCallAlteredInAnyArgumentThatItLooksAt() {
        Set<Line> decided = new HashSet<>();
        List<String> faults = new ArrayList<>();
        texts.forEach((policy, text) -> {
            for (Line line : text.lines()) {
                List<Line> all = text.linesFor(line.call());
                List<long[]> calls = PolicyCalls.of(all);
                List<long[]> own =
                        calls.stream().filter(call -> decides(line, all, call)).toList();
                if (own.isEmpty()) {
                    continue; // overridden in this policy on purpose, or never reached: told below
                }
                decided.add(line);
                for (Condition condition : line.conditions()) {
                    boolean altered = calls.stream()
                            .filter(call -> !decides(line, all, call))
                            .anyMatch(call -> own.stream()
                                    .anyMatch(mine -> PolicyCalls.differOnlyIn(condition.argument(), mine, call)
                                            && text.judge(line.call(), call) != line.action()));
                    if (!altered) {
                        faults.add(line + ": no other a" + condition.argument() + " changes the verdict");
                    }
                }
            }
        });
        texts.values()
                .forEach(text -> text.lines().stream()
                        .filter(line -> !decided.contains(line))
                        .forEach(line -> faults.add(line + ": decides no call in any policy")));
        assertThat(new TreeSet<>(faults)).isEmpty();
        assertThat(decided).hasSizeGreaterThan(250);
    }

    @Test
    void everyValueThatALineNamesIsDecidedByIt() {
        texts.forEach((policy, text) -> text.lines().forEach(line -> {
            List<Line> all = text.linesFor(line.call());
            List<long[]> own = PolicyCalls.of(all).stream()
                    .filter(call -> decides(line, all, call))
                    .toList();
            for (Condition condition : line.conditions()) {
                if (condition.test().equals("in") && !own.isEmpty()) {
                    for (long value : condition.values()) {
                        assertThat(own)
                                .as("%s: a%s = 0x%x", line, condition.argument(), value)
                                .anyMatch(call -> call[condition.argument()] == value);
                    }
                }
            }
        }));
    }

    @Test
    void bitsInTheUpperHalfNeverAllowWhatIsNotNamedAndNeverEscapeAProhibition() {
        texts.forEach((policy, text) -> text.lines().forEach(line -> {
            List<Line> all = text.linesFor(line.call());
            for (long[] call : PolicyCalls.of(all)) {
                for (Condition condition : line.conditions()) {
                    long[] raised = call.clone();
                    raised[condition.argument()] |= 1L << 32;
                    boolean allows = line.action() == FilterProgram.ALLOW;
                    if (allows && condition.test().equals("in")) {
                        assertThat(line.matches(raised))
                                .as("%s %s", line, hex(raised))
                                .isFalse();
                    } else if (!allows) {
                        assertThat(line.matches(raised))
                                .as("%s %s", line, hex(raised))
                                .isEqualTo(line.matches(call));
                    }
                }
            }
        }));
    }

    /** A generated test that could not fail would prove nothing: each instruction, spoilt, must change a verdict. */
    @Test
    void noInstructionOfAProgramCanBeSpoiltUnseen() {
        String architecture = "x86_64";
        int audit = audit(architecture);
        PolicyText text = requireNonNull(texts.get("tcp"));
        FilterProgram program = requireNonNull(programs.get("tcp " + architecture));
        List<int[]> called = new ArrayList<>();
        List<long[]> with = new ArrayList<>();
        numbersOf(architecture)
                .forEach((call, number) -> PolicyCalls.of(text.linesFor(call)).forEach(arguments -> {
                    called.add(new int[] {audit, number});
                    with.add(arguments);
                }));
        for (int[] other : new int[][] {{audit("aarch64"), 0}, {audit, 0x40000000}, {audit, NUMBERS}}) {
            called.add(other);
            with.add(new long[6]);
        }
        for (int step = 0; step < program.length(); step++) {
            FilterProgram spoilt = program.spoilt(step);
            boolean seen = false;
            for (int i = 0; i < called.size() && !seen; i++) {
                int[] call = called.get(i);
                seen = program.judge(call[0], call[1], with.get(i)) != spoilt.judge(call[0], call[1], with.get(i));
            }
            assertThat(seen)
                    .as("instruction %s of tcp: %s", step, program.text(step))
                    .isTrue();
        }
    }

    private static boolean decides(Line line, List<Line> all, long... call) {
        for (Line each : all) {
            if (each.matches(call)) {
                return each.equals(line);
            }
        }
        return false;
    }

    private static String hex(long... arguments) {
        return Arrays.stream(arguments).mapToObj(Long::toHexString).collect(Collectors.joining(" "));
    }
}
