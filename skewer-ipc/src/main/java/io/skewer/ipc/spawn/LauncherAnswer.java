package io.skewer.ipc.spawn;

import java.util.Set;

/** One packet from the launcher, read. */
sealed interface LauncherAnswer {
    /** The answer to a request, found again by its id. */
    sealed interface Reply extends LauncherAnswer {
        int request();
    }

    record Spawned(int request, long pid) implements Reply {}

    record Bound(int request) implements Reply {}

    record Killed(int request) implements Reply {}

    record Heard(int request) implements Reply {}

    /** @param inForce the layers of confinement that every process from now on has */
    record Prepared(int request, Set<Layer> inForce) implements Reply {}

    /** @param text the end of a sentence that begins with what was asked for */
    record Refused(int request, int errno, String text) implements Reply {}

    /** Something nobody asked for. */
    record Event(LauncherEvent event) implements LauncherAnswer {}
}
