package io.skewer.core.config;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToIntFunction;

/** What was found wrong so far. Bounded: a hostile file cannot make the list longer than anybody reads. */
final class Problems {
    static final int MAX_PROBLEMS = 200;

    private final Map<Place, List<String>> found = new LinkedHashMap<>();
    private int count;

    /** Notes a problem; the first of a place counts, because others may only follow from it. */
    void add(Place place, String reason) {
        add(place, List.of(reason));
    }

    /** Notes what is wrong with the elements of a list, which do not follow from each other. None: nothing is noted. */
    void add(Place place, List<String> reasons) {
        if (!isFull() && !reasons.isEmpty() && !found.containsKey(place)) {
            List<String> noted = reasons.subList(0, Math.min(reasons.size(), MAX_PROBLEMS - count));
            found.put(place, List.copyOf(noted));
            count += noted.size();
        }
    }

    /** Whether the value there is not the one that was meant, so that what is found by it may only follow from that. */
    boolean isDoubtful(Place place) {
        return found.containsKey(place);
    }

    /** The reasons alone. */
    List<String> reasons() {
        return found.values().stream().flatMap(List::stream).toList();
    }

    /** Whether nothing more will be noted. */
    boolean isFull() {
        return count >= MAX_PROBLEMS;
    }

    boolean isEmpty() {
        return found.isEmpty();
    }

    /** All of them; the lines are asked for only now, because a good file needs none. */
    List<Problem> of(String file, ToIntFunction<Place> lines) {
        return found.entrySet().stream()
                .flatMap(one -> {
                    int line = lines.applyAsInt(one.getKey());
                    return one.getValue().stream().map(reason -> problem(file, line, one.getKey(), reason));
                })
                .sorted(Comparator.comparingInt(Problem::line))
                .toList();
    }

    private static Problem problem(String file, int line, Place place, String reason) {
        return new Problem(file, line, place.sectionText(), place.key(), reason);
    }
}
