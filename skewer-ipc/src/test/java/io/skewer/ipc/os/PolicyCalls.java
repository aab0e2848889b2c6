package io.skewer.ipc.os;

import io.skewer.ipc.os.PolicyText.Condition;
import io.skewer.ipc.os.PolicyText.Line;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Calls made from the text of a policy: for every argument that a line looks at, what the line names, what lies beside it, and both with bits
 * set in the upper half.
 */
final class PolicyCalls {
    private static final long HIGH = 1L << 32;
    private static final int ARGUMENTS = 6;

    private PolicyCalls() {}

    /** All combinations for one call; a call whose arguments nobody looks at is made once. */
    static List<long[]> of(List<Line> lines) {
        List<long[]> calls = new ArrayList<>();
        calls.add(new long[ARGUMENTS]);
        for (int argument = 0; argument < ARGUMENTS; argument++) {
            SortedSet<Long> values = values(lines, argument);
            if (!values.isEmpty()) {
                List<long[]> before = List.copyOf(calls);
                calls.clear();
                for (long[] call : before) {
                    for (long value : values) {
                        long[] next = call.clone();
                        next[argument] = value;
                        calls.add(next);
                    }
                }
            }
        }
        return calls;
    }

    /** Whether two calls differ in one argument only. */
    static boolean differOnlyIn(int argument, long[] one, long[] other) {
        for (int i = 0; i < ARGUMENTS; i++) {
            if (i != argument && one[i] != other[i]) {
                return false;
            }
        }
        return one[argument] != other[argument];
    }

    private static SortedSet<Long> values(List<Line> lines, int argument) {
        SortedSet<Long> values = new TreeSet<>();
        for (Line line : lines) {
            for (Condition condition : line.conditions()) {
                if (condition.argument() == argument) {
                    addTo(values, condition);
                }
            }
        }
        for (long value : List.copyOf(values)) {
            values.add(value | HIGH);
        }
        return values;
    }

    private static void addTo(SortedSet<Long> values, Condition condition) {
        values.add(0L);
        values.add(0x7fff_fffeL);
        boolean masks = !List.of("in", "not").contains(condition.test());
        for (long value : condition.values()) {
            values.add(value);
            values.add(value + 1);
            values.add(value ^ 0x8000_0000L);
        }
        if (masks) {
            long mask = condition.values().getFirst();
            values.add(~mask & 0xffff_ffffL);
            for (int bit = 0; bit < Integer.SIZE; bit++) {
                values.add(1L << bit);
            }
        }
    }
}
