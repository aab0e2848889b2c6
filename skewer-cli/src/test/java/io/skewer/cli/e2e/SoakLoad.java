package io.skewer.cli.e2e;

import java.util.List;

/** One kind of load of the soak, which sends on its own thread and knows what it may expect. */
interface SoakLoad extends AutoCloseable {
    void start() throws Exception;

    /** Ends in order and returns when everything was said. */
    void stop() throws Exception;

    /** How many messages must have arrived at least, after {@link #stop}. */
    int promised();

    /** What a destination lacks or has in the wrong order. */
    List<String> faults(History history) throws Exception;

    /** Ends at once. */
    @Override
    void close();
}
