package io.skewer.core.config;

import java.util.List;
import java.util.stream.Collectors;

/** A configuration that cannot be used, with everything that is wrong with it. */
public final class InvalidConfig extends Exception {
    private final transient List<Problem> problems;

    InvalidConfig(List<Problem> problems) {
        super(problems.stream().map(Problem::toString).collect(Collectors.joining(System.lineSeparator())));
        this.problems = List.copyOf(problems);
    }

    InvalidConfig(String file, String reason) {
        this(List.of(new Problem(file, 0, "", "", reason)));
    }

    /** At least one, in the order of the file's sections. */
    public List<Problem> problems() {
        return problems;
    }
}
