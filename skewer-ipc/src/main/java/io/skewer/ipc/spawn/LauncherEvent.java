package io.skewer.ipc.spawn;

/** What the launcher tells without being asked. */
public sealed interface LauncherEvent {
    /**
     * A spawned process ended.
     *
     * @param signalled whether a signal ended it
     * @param value its exit code, or the number of that signal
     */
    record Exited(long pid, boolean signalled, int value) implements LauncherEvent {}

    /** The launcher received a signal that is meant for skewer as a whole: HUP, INT, USR1 or TERM. */
    record Signalled(int signal) implements LauncherEvent {
        public static final int HUP = 1;
        public static final int INT = 2;
        public static final int KILL = 9;
        /** As Linux numbers it; macOS has 30. */
        public static final int USR1 = 10;

        public static final int TERM = 15;
        /** As Linux numbers it: a filter killed the process. */
        public static final int SYS = 31;
    }

    /** The launcher is gone, or no longer understandable. Nothing can be asked any more; this is the last event. */
    record Lost(String reason) implements LauncherEvent {}
}
