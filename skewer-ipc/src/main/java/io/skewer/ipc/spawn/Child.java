package io.skewer.ipc.spawn;

/**
 * A process that runs.
 *
 * @param pid its number until its {@link LauncherEvent.Exited} came
 * @param controlDescriptor our end of the stream socket that is its descriptor 3; belongs to whoever asked for the child
 */
public record Child(long pid, int controlDescriptor) {}
