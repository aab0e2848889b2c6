package io.skewer.core.config;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToIntFunction;

/** What was found wrong so far. Bounded: a hostile file cannot make the list longer than anybody reads. */
final class Problems {
    static final int MAX_PROBLEMS = 200;

    private final Map<Place, String> found = new LinkedHashMap<>();

    /** Notes a problem; the first of a place counts, because others may only follow from it. */
    void add(Place place, String reason) {
        if (!isFull()) {
            found.putIfAbsent(place, reason);
        }
    }

    /** Whether nothing more will be noted. */
    boolean isFull() {
        return found.size() >= MAX_PROBLEMS;
    }

    boolean isEmpty() {
        return found.isEmpty();
    }

    /** All of them; the lines are asked for only now, because a good file needs none. */
    List<Problem> of(String file, ToIntFunction<Place> lines) {
        return found.entrySet().stream()
                .map(one -> problem(file, lines.applyAsInt(one.getKey()), one.getKey(), one.getValue()))
                .sorted(Comparator.comparingInt(Problem::line))
                .toList();
    }

    private static Problem problem(String file, int line, Place place, String reason) {
        return new Problem(file, line, place.sectionText(), place.key(), reason);
    }
}
