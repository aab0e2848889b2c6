package io.skewer.ipc.os;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A compiled policy, run as the kernel would: classic BPF over the data that seccomp shows to a filter. */
final class FilterProgram {
    static final int KILL = 0x80000000;
    static final int TRAP = 0x00030000;
    static final int ERRNO = 0x00050000;
    static final int ALLOW = 0x7fff0000;

    private final List<int[]> steps = new ArrayList<>();

    /** All programs by {@code "ROLE ARCHITECTURE"}. */
    static Map<String, FilterProgram> readAll() throws IOException {
        Map<String, FilterProgram> programs = new LinkedHashMap<>();
        FilterProgram current = new FilterProgram();
        for (String line : Files.readAllLines(NativeLibrary.part("policy/policies.txt"))) {
            String[] words = line.split(" ", -1);
            if (words[0].equals("policy")) {
                current = new FilterProgram();
                programs.put(words[1] + " " + words[2], current);
            } else {
                current.steps.add(new int[] {
                    Integer.parseUnsignedInt(words[0], 16),
                    Integer.parseInt(words[1]),
                    Integer.parseInt(words[2]),
                    Integer.parseUnsignedInt(words[3], 16)
                });
            }
        }
        return programs;
    }

    static Path policies() {
        return Path.of("../native/policy");
    }

    /** The numbers of system calls by name, for {@code x86_64} and {@code aarch64}. */
    static Map<String, Map<String, Integer>> numbers() throws IOException {
        Map<String, Map<String, Integer>> numbers = Map.of("x86_64", new TreeMap<>(), "aarch64", new TreeMap<>());
        for (String line : Files.readAllLines(policies().resolve("system-calls.tsv"))) {
            String[] cells = line.split("\t", -1);
            if (!line.startsWith("#")) {
                add(requireNonNull(numbers.get("x86_64")), cells[0], cells[1]);
                add(requireNonNull(numbers.get("aarch64")), cells[0], cells[2]);
            }
        }
        return numbers;
    }

    /** Not every architecture has every call. */
    private static void add(Map<String, Integer> numbers, String name, String number) {
        if (!number.equals("-")) {
            numbers.put(name, Integer.valueOf(number));
        }
    }

    int length() {
        return steps.size();
    }

    /** The same program with another value in one of its instructions. */
    FilterProgram spoilt(int step) {
        FilterProgram other = new FilterProgram();
        for (int i = 0; i < steps.size(); i++) {
            int[] copy = steps.get(i).clone();
            if (i == step) {
                // A load of the next word, a mask without its lowest bit, another number, another verdict.
                copy[3] = copy[0] == 0x20 ? copy[3] + 4 : copy[3] ^ (copy[0] == 0x06 ? 0x01000000 : 1);
            }
            other.steps.add(copy);
        }
        return other;
    }

    String text(int step) {
        return Arrays.toString(steps.get(step));
    }

    /** What the filter says about a call. */
    int judge(int architecture, int number, long... arguments) {
        int accumulator = 0;
        for (int at = 0; at < steps.size(); at++) {
            int[] step = steps.get(at);
            int value = step[3];
            switch (step[0]) {
                case 0x20 -> accumulator = load(value, architecture, number, arguments);
                case 0x54 -> accumulator &= value;
                case 0x15 -> at += accumulator == value ? step[1] : step[2];
                case 0x35 -> at += Integer.compareUnsigned(accumulator, value) >= 0 ? step[1] : step[2];
                case 0x45 -> at += (accumulator & value) != 0 ? step[1] : step[2];
                case 0x06 -> {
                    return value;
                }
                default -> throw new IllegalStateException("code " + step[0]);
            }
        }
        throw new IllegalStateException("the program has no end");
    }

    private static int load(int offset, int architecture, int number, long[] arguments) {
        if (offset == 0) {
            return number;
        }
        if (offset == 4) {
            return architecture;
        }
        if (offset < 16) {
            return 0; // where the call came from, which no policy looks at
        }
        int index = (offset - 16) / 8;
        long argument = index < arguments.length ? arguments[index] : 0;
        return (int) (offset % 8 == 0 ? argument : argument >>> 32);
    }
}
