package io.skewer.core.config;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToIntFunction;

/** What was found wrong so far. Bounded: a hostile file cannot make the list longer than anybody reads. */
final class Problems {
    static final int MAX_PROBLEMS = 200;

    private record Found(Place place, String reason) {}

    private final List<Found> found = new ArrayList<>();

    void add(Place place, String reason) {
        if (found.size() < MAX_PROBLEMS) {
            found.add(new Found(place, reason));
        }
    }

    boolean isEmpty() {
        return found.isEmpty();
    }

    /** All of them; the lines are asked for only now, because a good file needs none. */
    List<Problem> of(String file, ToIntFunction<Place> lines) {
        return found.stream()
                .map(one -> new Problem(
                        file,
                        lines.applyAsInt(one.place()),
                        one.place().sectionText(),
                        one.place().key(),
                        one.reason()))
                .toList();
    }
}
