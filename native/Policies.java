import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Compiles {@code policy/*.policy} into programs for seccomp.
 *
 * <p>A line of a policy is {@code default ACTION}, {@code include NAME}, or {@code ACTION CALL... [if CONDITION [and CONDITION]...]}.
 * Actions are {@code allow}, {@code errno NAME}, {@code kill} and {@code trap} (the process reports the call and ends). Conditions
 * on an argument {@code aN}: {@code in V...} and {@code not V...} compare it, {@code any MASK} and {@code without MASK} test its
 * bits, {@code maskin MASK V...} compares the masked bits. The first line that matches decides, so a policy that has a call
 * without a condition overrides what it includes behind it.
 *
 * <p>{@code unseen CALL...: REASON} gives the reason for lines of this file that no recorded run of the real workloads has used
 * ({@code policy/witness}), {@code unseen CALL aN VALUE...: REASON} that for single values; they decide nothing.
 *
 * <p>Arguments have 64 bits and a program sees halves. An {@code allow} with {@code in} demands that the upper half is zero; a
 * prohibition looks at the lower half alone, as the kernel does with arguments of 32 bits: so setting high bits never helps.
 */
final class Policies {
    /** One architecture: its name, the number the kernel shows to filters, and the column of system-calls.tsv. */
    enum Architecture {
        X86_64("x86_64", 0xc000003e, 1),
        AARCH64("aarch64", 0xc00000b7, 2);

        final String word;
        final int audit;
        final int column;

        Architecture(String word, int audit, int column) {
            this.word = word;
            this.audit = audit;
            this.column = column;
        }
    }

    private static final int LOAD = 0x20, EQUAL = 0x15, AT_LEAST = 0x35, BITS = 0x45, AND = 0x54, RETURN = 0x06;
    private static final int RET_KILL = 0x80000000, RET_TRAP = 0x00030000, RET_ERRNO = 0x00050000, RET_ALLOW = 0x7fff0000;
    private static final int NUMBER_OFFSET = 0, ARCHITECTURE_OFFSET = 4, ARGUMENTS_OFFSET = 16;
    private static final int X32_BIT = 0x40000000;
    private static final int LENGTH_MAX = 4096;
    private static final Map<String, Integer> ERRNOS =
            Map.of("EPERM", 1, "ENOENT", 2, "EACCES", 13, "EINVAL", 22, "ENOTTY", 25, "ENOSYS", 38, "EAFNOSUPPORT", 97);

    private record Condition(int argument, String test, List<Integer> values) {}

    private record Rule(String file, String call, int action, List<Condition> conditions) {}

    private record Policy(int otherwise, List<Rule> rules) {}

    /** One instruction; jumps count the instructions to skip. */
    private record Step(int code, int ifTrue, int ifFalse, int value) {}

    private final Path folder;
    private final Map<String, String[]> calls = new TreeMap<>();

    private Policies(Path folder) throws IOException {
        this.folder = folder;
        for (String line : Files.readAllLines(folder.resolve("system-calls.tsv"))) {
            if (!line.startsWith("#")) {
                String[] columns = line.split("\t");
                calls.put(columns[0], columns);
            }
        }
    }

    /** Writes {@code policy_launch.h}, {@code policies.h} and, for tests and readers, {@code policies.txt}. */
    static void compile(Path folder, Path output) throws IOException {
        var policies = new Policies(folder);
        var names = new ArrayList<String>();
        try (Stream<Path> files = Files.list(folder)) {
            files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".policy") && !name.equals("common.policy"))
                    .map(name -> name.substring(0, name.length() - ".policy".length()))
                    .sorted()
                    .forEach(names::add);
        }
        var tight = new StringBuilder();
        var table = new StringBuilder();
        var listing = new StringBuilder();
        for (String name : names) {
            String array = "policy_" + name.replace('-', '_');
            var code = new StringBuilder();
            Policy policy = policies.read(name, new ArrayList<>());
            for (Architecture architecture : Architecture.values()) {
                List<Step> program = policies.program(policy, architecture);
                code.append("#ifdef __").append(architecture.word).append("__\n");
                append(code, array, program);
                code.append("#endif\n");
                listing.append("policy ").append(name).append(' ').append(architecture.word).append('\n');
                program.forEach(step -> listing.append(String.format(
                        Locale.ROOT, "%x %d %d %x%n", step.code, step.ifTrue, step.ifFalse, step.value)));
            }
            if (name.equals("launch")) {
                Files.writeString(output.resolve("policy_launch.h"), code);
            } else {
                tight.append(code);
                table.append(String.format("    {\"%s\", %s, sizeof %s / sizeof %s[0]},%n", name, array, array, array));
            }
        }
        Files.writeString(
                output.resolve("policies.h"),
                tight + "static const struct policy policies[] = {\n" + table + "};\n" + policies.names());
        Files.writeString(output.resolve("policies.txt"), listing);
    }

    /** The names of all calls by number, to report one that was refused. */
    private String names() {
        var out = new StringBuilder();
        for (Architecture architecture : Architecture.values()) {
            out.append("#ifdef __").append(architecture.word).append("__\nstatic const char *const call_names[] = {\n");
            calls.forEach((name, columns) -> {
                if (!columns[architecture.column].equals("-")) {
                    out.append("    [").append(columns[architecture.column]).append("] = \"").append(name).append("\",\n");
                }
            });
            out.append("};\n#endif\n");
        }
        return out.toString();
    }

    private static void append(StringBuilder out, String array, List<Step> program) {
        out.append("static const struct sock_filter ").append(array).append("[] = {\n");
        for (Step step : program) {
            out.append(String.format(
                    Locale.ROOT, "    {0x%02x, %d, %d, 0x%08x},%n", step.code, step.ifTrue, step.ifFalse, step.value));
        }
        out.append("};\n");
    }

    private Policy read(String name, List<String> open) throws IOException {
        if (open.contains(name)) {
            throw new IllegalArgumentException(name + ".policy includes itself");
        }
        open.add(name);
        int otherwise = RET_TRAP;
        var rules = new ArrayList<Rule>();
        int number = 0;
        for (String line : Files.readAllLines(folder.resolve(name + ".policy"))) {
            number++;
            String text = line.replaceAll("#.*", "").strip();
            if (text.isEmpty()) {
                continue;
            }
            try {
                String[] words = text.split("\\s+");
                if (words[0].equals("unseen")) {
                    checkReason(text, rules);
                } else if (words[0].equals("include")) {
                    rules.addAll(read(words[1], open).rules);
                } else if (words[0].equals("default")) {
                    otherwise = action(words[1], "");
                } else {
                    rules.addAll(rules(name, words));
                }
            } catch (IllegalArgumentException | IndexOutOfBoundsException mistake) {
                throw new IllegalArgumentException(name + ".policy line " + number + ": " + mistake.getMessage(), mistake);
            }
        }
        open.remove(name);
        return new Policy(otherwise, rules);
    }

    /** The calls must have been named above, in this file. */
    private static void checkReason(String text, List<Rule> rules) {
        String[] halves = text.split(":", 2);
        if (halves.length < 2 || halves[1].isBlank()) {
            throw new IllegalArgumentException("there is no reason");
        }
        for (String call : halves[0].replaceFirst("unseen", "").replaceFirst(" a\\d .*", "").strip().split("\\s+")) {
            if (rules.stream().noneMatch(rule -> rule.call.equals(call))) {
                throw new IllegalArgumentException("there is no line for " + call + " above");
            }
        }
    }

    private List<Rule> rules(String file, String[] words) {
        int at = words[0].equals("errno") ? 2 : 1;
        int action = action(words[0], words[1]);
        var names = new ArrayList<String>();
        while (at < words.length && !words[at].equals("if")) {
            String name = words[at++];
            if (!calls.containsKey(name)) {
                throw new IllegalArgumentException("there is no system call " + name);
            }
            names.add(name);
        }
        var conditions = new ArrayList<Condition>();
        while (at < words.length) { // "if" or "and"
            int argument = Integer.parseInt(words[at + 1].substring(1));
            String test = words[at + 2];
            at += 3;
            var values = new ArrayList<Integer>();
            while (at < words.length && !words[at].equals("and")) {
                values.add((int) (long) Long.decode(words[at++]));
            }
            if (values.isEmpty() || argument > 5 || !List.of("in", "not", "any", "without", "maskin").contains(test)) {
                throw new IllegalArgumentException("condition on a" + argument);
            }
            conditions.add(new Condition(argument, test, values));
        }
        return names.stream().map(name -> new Rule(file, name, action, conditions)).toList();
    }

    private static int action(String word, String detail) {
        return switch (word) {
            case "allow" -> RET_ALLOW;
            case "kill" -> RET_KILL;
            case "trap" -> RET_TRAP;
            case "errno" -> RET_ERRNO | ERRNOS.get(detail);
            default -> throw new IllegalArgumentException("there is no action " + word);
        };
    }

    private List<Step> program(Policy policy, Architecture architecture) {
        var steps = new ArrayList<Step>();
        steps.add(new Step(LOAD, 0, 0, ARCHITECTURE_OFFSET));
        steps.add(new Step(EQUAL, 1, 0, architecture.audit));
        steps.add(new Step(RETURN, 0, 0, RET_KILL));
        steps.add(new Step(LOAD, 0, 0, NUMBER_OFFSET));
        if (architecture == Architecture.X86_64) {
            steps.add(new Step(AT_LEAST, 0, 1, X32_BIT));
            steps.add(new Step(RETURN, 0, 0, RET_KILL));
        }
        // Lines for one call stand together, in their order: a condition that fails leads to the next line of that call.
        var byCall = new HashMap<String, List<Rule>>();
        var order = new ArrayList<String>();
        for (Rule rule : policy.rules) {
            if (!calls.get(rule.call)[architecture.column].equals("-")) {
                byCall.computeIfAbsent(rule.call, call -> {
                            order.add(call);
                            return new ArrayList<>();
                        })
                        .add(rule);
            }
        }
        for (String call : order) {
            List<Step> body = body(byCall.get(call), policy.otherwise);
            int number = Integer.parseInt(calls.get(call)[architecture.column]);
            steps.add(new Step(EQUAL, 0, jump(body.size()), number));
            steps.addAll(body);
        }
        steps.add(new Step(RETURN, 0, 0, policy.otherwise));
        if (steps.size() > LENGTH_MAX) {
            throw new IllegalArgumentException("a program of " + steps.size() + " steps");
        }
        return steps;
    }

    private static List<Step> body(List<Rule> rules, int otherwise) {
        var steps = new ArrayList<Step>();
        for (Rule rule : rules) {
            steps.addAll(line(rule));
            if (rule.conditions.isEmpty()) {
                if (rules.getLast().file.equals(rule.file) && rules.getLast() != rule) {
                    throw new IllegalArgumentException("a line for " + rule.call + " can never be reached");
                }
                return steps;
            }
        }
        steps.add(new Step(RETURN, 0, 0, otherwise));
        return steps;
    }

    /** Built from its end: each test that fails jumps behind the line. */
    private static List<Step> line(Rule rule) {
        List<Step> steps = new ArrayList<>();
        steps.add(new Step(RETURN, 0, 0, rule.action));
        for (Condition condition : rule.conditions.reversed()) {
            steps.addAll(0, test(condition, steps.size(), rule.action == RET_ALLOW));
        }
        return steps;
    }

    /** @param rest the steps behind the test that belong to the line */
    private static List<Step> test(Condition condition, int rest, boolean strict) {
        int low = ARGUMENTS_OFFSET + 8 * condition.argument;
        List<Integer> values = condition.values;
        var steps = new ArrayList<Step>();
        switch (condition.test) {
            case "in", "maskin" -> {
                boolean masked = condition.test.equals("maskin");
                List<Integer> wanted = masked ? values.subList(1, values.size()) : values;
                int count = wanted.size();
                if (strict && !masked) {
                    steps.add(new Step(LOAD, 0, 0, low + 4));
                    steps.add(new Step(EQUAL, 0, jump(1 + count + rest), 0));
                }
                steps.add(new Step(LOAD, 0, 0, low));
                if (masked) {
                    steps.add(new Step(AND, 0, 0, values.getFirst()));
                }
                for (int i = 0; i < count; i++) {
                    int behind = count - 1 - i;
                    steps.add(new Step(EQUAL, jump(behind), behind == 0 ? jump(rest) : 0, wanted.get(i)));
                }
            }
            case "not" -> {
                steps.add(new Step(LOAD, 0, 0, low));
                for (int i = 0; i < values.size(); i++) {
                    steps.add(new Step(EQUAL, jump(values.size() - 1 - i + rest), 0, values.get(i)));
                }
            }
            case "any" -> {
                steps.add(new Step(LOAD, 0, 0, low));
                steps.add(new Step(BITS, 0, jump(rest), values.getFirst()));
            }
            case "without" -> {
                steps.add(new Step(LOAD, 0, 0, low));
                steps.add(new Step(BITS, jump(rest), 0, values.getFirst()));
            }
            default -> throw new IllegalStateException(condition.test);
        }
        return steps;
    }

    private static int jump(int steps) {
        if (steps > 255) {
            throw new IllegalArgumentException("a line is too long: a jump over " + steps + " steps");
        }
        return steps;
    }
}
