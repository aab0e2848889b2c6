package io.skewer.core.config;

import java.util.List;

/** {@code [confinement]}: what the system cannot do, or the operator does not want. Whatever is not named here is in force, or skewer does not start. */
public record ConfinementSection(
        @Setting(
                value = "[]",
                oneOf = {"namespaces", "landlock", "seccomp", "uid"},
                about = "Layers of confinement to do without, because this system does not have them; uid: stay root.")
        List<String> absent) {
    public ConfinementSection {
        absent = List.copyOf(absent);
    }
}
