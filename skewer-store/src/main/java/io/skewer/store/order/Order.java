package io.skewer.store.order;

import io.skewer.store.deadletter.Gone;
import java.util.ArrayList;
import java.util.List;

/**
 * What a command may ask of a store. As text, one line each: {@code skewer order 1}, what is to be done, then ranges of letters,
 * {@code from to}, the second number behind the last letter.
 */
public sealed interface Order {
    /** No order names more ranges; who has more sends several. */
    int RANGES_MAX = 10_000;

    int TEXT_BYTES_MAX = 1024 * 1024;
    String HEAD = "skewer order 1";

    /** Forget a destination that is not configured any more, and what only it needed. */
    record DropDestination(String destination) implements Order {}

    /** Forget dead letters. */
    record DropLetters(List<Gone> letters) implements Order {
        public DropLetters {
            letters = List.copyOf(letters);
        }
    }

    /** Offer dead letters to their destination once more. */
    record Replay(String destination, List<Gone> letters) implements Order {
        public Replay {
            letters = List.copyOf(letters);
        }
    }

    default String toText() {
        StringBuilder text = new StringBuilder(HEAD).append('\n');
        switch (this) {
            case DropDestination(String destination) ->
                text.append("drop-destination ").append(destination).append('\n');
            case DropLetters(List<Gone> letters) -> addRanges(text.append("drop-letters\n"), letters);
            case Replay(String destination, List<Gone> letters) ->
                addRanges(text.append("replay ").append(destination).append('\n'), letters);
        }
        return text.toString();
    }

    private static void addRanges(StringBuilder text, List<Gone> letters) {
        letters.forEach(range ->
                text.append(range.from()).append(' ').append(range.to()).append('\n'));
    }

    /** @throws IllegalArgumentException when the text is no order */
    static Order parse(String text) {
        List<String> lines = text.lines().toList();
        if (lines.size() < 2
                || lines.size() > 2 + RANGES_MAX
                || !lines.getFirst().equals(HEAD)) {
            throw new IllegalArgumentException("no order");
        }
        String[] words = lines.get(1).split(" ", 2);
        String name = words.length == 2 ? words[1] : "";
        List<Gone> ranges = ranges(lines.subList(2, lines.size()));
        return switch (words[0]) {
            case "drop-destination" -> new DropDestination(name);
            case "drop-letters" -> new DropLetters(ranges);
            case "replay" -> new Replay(name, ranges);
            default -> throw new IllegalArgumentException("no order of a kind that is known");
        };
    }

    private static List<Gone> ranges(List<String> lines) {
        List<Gone> ranges = new ArrayList<>();
        for (String line : lines) {
            // The reason goes into an answer: nothing of any length may get into it.
            if (!line.matches("[0-9]{1,19} [0-9]{1,19}")) {
                throw new IllegalArgumentException("no range of letters");
            }
            int space = line.indexOf(' ');
            long from = Long.parseLong(line.substring(0, space));
            long to = Long.parseLong(line.substring(space + 1));
            if (from < 1 || to <= from) {
                throw new IllegalArgumentException("no range of letters: " + line);
            }
            ranges.add(new Gone(from, to));
        }
        return ranges;
    }

    /** The ranges that rising numbers make. */
    static List<Gone> rangesOf(List<Long> numbers) {
        List<Gone> ranges = new ArrayList<>();
        for (long number : numbers) {
            Gone last = ranges.isEmpty() ? null : ranges.getLast();
            if (last != null && last.to() == number) {
                ranges.set(ranges.size() - 1, new Gone(last.from(), number + 1));
            } else {
                ranges.add(new Gone(number, number + 1));
            }
        }
        return ranges;
    }
}
