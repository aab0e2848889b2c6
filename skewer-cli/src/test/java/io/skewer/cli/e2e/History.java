package io.skewer.cli.e2e;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What came out, by sender: checks that nothing acknowledged is missing and that first deliveries keep the order of each sender.
 *
 * <p>A message says who sent it and its number: {@code from=NAME seq=NUMBER}, numbers from 0. Not safe for use by several threads.
 */
final class History {
    private static final Pattern MARK = Pattern.compile("from=([A-Za-z0-9-]+) seq=(\\d+)");

    private static final class Seen {
        private final BitSet numbers = new BitSet();
        private int highestFirst = -1;
        private long duplicates;
        private final List<String> outOfOrder = new ArrayList<>();
    }

    private final Map<String, Seen> senders = new TreeMap<>();
    private final List<String> unmarked = new ArrayList<>();
    private String sample = "";

    static String mark(String sender, int number) {
        return "from=" + sender + " seq=" + number;
    }

    void saw(CharSequence text) {
        Matcher mark = MARK.matcher(text);
        if (!mark.find()) {
            unmarked.add(text.toString());
            return;
        }
        Seen seen = senders.get(mark.group(1));
        if (seen == null) {
            seen = new Seen();
            senders.put(mark.group(1), seen);
            sample = sample.isEmpty() ? text.toString() : sample;
        }
        int number = Integer.parseInt(mark.group(2));
        if (seen.numbers.get(number)) {
            seen.duplicates++;
            return;
        }
        seen.numbers.set(number);
        if (number < seen.highestFirst) {
            seen.outOfOrder.add(number + " after " + seen.highestFirst);
        }
        seen.highestFirst = Math.max(seen.highestFirst, number);
    }

    /** The first message seen, as it came; which sender's that is, nobody can tell before. */
    String sample() {
        return sample;
    }

    /** Messages seen at least once. */
    int distinct() {
        return senders.values().stream()
                .mapToInt(seen -> seen.numbers.cardinality())
                .sum();
    }

    /** The same, of one sender. */
    int distinct(String name) {
        return senders.getOrDefault(name, new Seen()).numbers.cardinality();
    }

    /** What of a sender came first time out of order. */
    List<String> disorder(String name) {
        return faults(0, name);
    }

    long duplicates() {
        return senders.values().stream().mapToLong(seen -> seen.duplicates).sum();
    }

    /** What is wrong; empty when numbers 0 to {@code count - 1} of every sender were seen, each first time in order. */
    List<String> faults(int count, String... names) {
        List<String> faults = new ArrayList<>();
        for (String name : names) {
            Seen seen = senders.getOrDefault(name, new Seen());
            int missing = count - seen.numbers.get(0, count).cardinality();
            if (missing > 0) {
                faults.add(name + " misses " + missing + " of " + count + ", the first is "
                        + seen.numbers.nextClearBit(0));
            }
            seen.outOfOrder.stream().limit(3).forEach(what -> faults.add(name + " out of order: " + what));
        }
        unmarked.stream().limit(3).forEach(text -> faults.add("not sent by anyone: " + text));
        return faults;
    }
}
