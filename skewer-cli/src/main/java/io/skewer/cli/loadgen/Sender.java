package io.skewer.cli.loadgen;

import java.io.IOException;

/** One connection of a load. Used by one thread. */
interface Sender extends AutoCloseable {
    /** Sends the messages, numbered from 0, and returns when all of them are handed over; with RELP, answered. */
    void send(long messages, Pace pace, Tally tally) throws IOException;

    @Override
    void close() throws IOException;
}
