package io.skewer.cli.role;

import io.skewer.ipc.link.Link;
import java.io.IOException;
import java.time.Duration;

/**
 * What a child does when its supervisor asks; all calls come from one thread. Only a listener is joined while it stops, from another thread: to a store
 * that takes the place of one that died meanwhile.
 */
interface Duty {
    /** A data link to another role; replaces an earlier one to the same role, whose process died. */
    void join(Role peer, Link link) throws IOException, InterruptedException;

    /** A bound socket to listen on. Only listeners get some. */
    default void listen(SocketGrant socket, int descriptor) throws IOException {
        throw new IllegalStateException("this role listens to nothing");
    }

    /** Everything is handed over: begin. */
    void start() throws IOException;

    /** Hand over or settle what is on its way; no longer than {@code timeout}. The process ends afterwards. */
    void stop(Duration timeout) throws IOException, InterruptedException;
}
