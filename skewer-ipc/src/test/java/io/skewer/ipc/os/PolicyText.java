package io.skewer.ipc.os;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * A policy as its text says it, read without the compiler in {@code native/Policies.java}: what that makes of the text is compared with this.
 *
 * @param otherwise the verdict on calls that no line decides
 * @param lines in the order in which they are tried, one for each call
 * @param unseen calls by file whose lines no recorded run used, and for which a reason is written down
 * @param unseenValues the same for single values of arguments, by {@code "CALL aN"}
 */
record PolicyText(
        int otherwise, List<Line> lines, Map<String, Set<String>> unseen, Map<String, Set<Long>> unseenValues) {
    /** A line, for one of its calls. */
    record Line(String file, int number, int action, String call, List<Condition> conditions) {
        boolean matches(long... arguments) {
            return conditions.stream().allMatch(condition -> condition.holds(action == FilterProgram.ALLOW, arguments));
        }

        @Override
        public String toString() {
            return file + ".policy:" + number + " " + call;
        }
    }

    record Condition(int argument, String test, List<Long> values) {
        /** What allows looks at 64 bits, what forbids at those that the kernel itself looks at. */
        boolean holds(boolean allowing, long... arguments) {
            long whole = arguments[argument];
            int low = (int) whole;
            return switch (test) {
                case "in" -> values.stream().anyMatch(value -> allowing ? value == whole : (int) (long) value == low);
                case "not" -> values.stream().noneMatch(value -> (int) (long) value == low);
                case "any" -> (low & values.getFirst()) != 0;
                case "without" -> (low & values.getFirst()) == 0;
                case "maskin" ->
                    values.subList(1, values.size()).contains(Integer.toUnsignedLong(low) & values.getFirst());
                default -> throw new IllegalStateException("there is no test " + test);
            };
        }
    }

    private static final Map<String, Integer> ERRNOS =
            Map.of("EPERM", 1, "ENOENT", 2, "EACCES", 13, "EINVAL", 22, "ENOTTY", 25, "ENOSYS", 38, "EAFNOSUPPORT", 97);

    static PolicyText read(String name) throws IOException {
        int otherwise = FilterProgram.TRAP;
        List<Line> lines = new ArrayList<>();
        PolicyText read = new PolicyText(otherwise, lines, new HashMap<>(), new HashMap<>());
        int number = 0;
        for (String text : Files.readAllLines(path(name))) {
            number++;
            List<String> words = List.of(text.replaceAll("#.*", "").strip().split("\\s+", -1));
            switch (words.getFirst()) {
                case "" -> {}
                case "include" -> {
                    PolicyText included = read(words.get(1));
                    lines.addAll(included.lines);
                    read.unseen.putAll(included.unseen);
                    read.unseenValues.putAll(included.unseenValues);
                }
                case "default" -> otherwise = action(words.get(1), "");
                case "unseen" -> read.readReason(name, text);
                default -> lines.addAll(lines(name, number, words));
            }
        }
        return new PolicyText(otherwise, lines, read.unseen, read.unseenValues);
    }

    static Path path(String name) {
        return FilterProgram.policies().resolve(name + ".policy");
    }

    /** {@code unseen CALL...: REASON} or {@code unseen CALL aN VALUE...: REASON}. */
    private void readReason(String file, String text) {
        String[] halves = text.replaceAll("#.*", "").split(":", 2);
        if (halves.length < 2 || halves[1].isBlank()) {
            throw new IllegalStateException("no reason: " + text);
        }
        List<String> words = List.of(halves[0].strip().split("\\s+", -1));
        if (words.size() > 2 && words.get(2).matches("a\\d")) {
            words.subList(3, words.size())
                    .forEach(value -> unseenValues
                            .computeIfAbsent(words.get(1) + " " + words.get(2), ignored -> new HashSet<>())
                            .add(Long.decode(value)));
        } else {
            unseen.computeIfAbsent(file, ignored -> new HashSet<>()).addAll(words.subList(1, words.size()));
        }
    }

    private static List<Line> lines(String file, int number, List<String> words) {
        int first = words.getFirst().equals("errno") ? 2 : 1;
        int action = action(words.getFirst(), words.get(1));
        int condition = words.indexOf("if");
        List<Condition> conditions = new ArrayList<>();
        List<String> rest = condition < 0 ? List.of() : words.subList(condition, words.size());
        while (!rest.isEmpty()) { // "if" or "and" first
            int end = rest.subList(1, rest.size()).indexOf("and") + 1;
            List<String> one = end == 0 ? rest : rest.subList(0, end);
            conditions.add(new Condition(
                    Integer.parseInt(one.get(1).substring(1)),
                    one.get(2),
                    one.subList(3, one.size()).stream().map(Long::decode).toList()));
            rest = rest.subList(one.size(), rest.size());
        }
        return words.subList(first, condition < 0 ? words.size() : condition).stream()
                .map(call -> new Line(file, number, action, call, conditions))
                .toList();
    }

    private static int action(String word, String detail) {
        return switch (word) {
            case "allow" -> FilterProgram.ALLOW;
            case "kill" -> FilterProgram.KILL;
            case "trap" -> FilterProgram.TRAP;
            case "errno" -> FilterProgram.ERRNO | Objects.requireNonNull(ERRNOS.get(detail));
            default -> throw new IllegalStateException("there is no action " + word);
        };
    }

    /** The lines for a call, those in front that override others behind them included. */
    List<Line> linesFor(String call) {
        return lines.stream().filter(line -> line.call.equals(call)).toList();
    }

    int judge(String call, long... arguments) {
        return linesFor(call).stream()
                .filter(line -> line.matches(arguments))
                .findFirst()
                .map(Line::action)
                .orElse(otherwise);
    }
}
