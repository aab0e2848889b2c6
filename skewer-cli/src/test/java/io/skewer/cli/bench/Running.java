package io.skewer.cli.bench;

import java.io.IOException;
import java.util.OptionalLong;

/** A server that was started. */
interface Running extends AutoCloseable {
    /** The process from which all others of the server descend. */
    Process process();

    /** Waits until all its parts are at work. */
    void awaitWork() throws IOException, InterruptedException;

    /** Datagrams that the server itself says were lost before it could read them; empty when it does not say. */
    OptionalLong countedAsLost() throws IOException, InterruptedException;

    /** Stops it in order, so that what it holds in buffers is written. */
    @Override
    void close() throws IOException;
}
