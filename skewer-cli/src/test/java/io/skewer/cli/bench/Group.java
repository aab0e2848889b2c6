package io.skewer.cli.bench;

import java.util.Locale;

/** Rows that are measured together and make one table. */
enum Group {
    /** From TCP and RELP to a file and to Kafka, as fast as it goes. */
    THROUGHPUT,
    /** The same with {@code store.fsync = true}. */
    FSYNC,
    /** Kafka is away for a while. */
    OUTAGE,
    /** How much is lost at a rate. */
    UDP,
    /** One sender or many. */
    CONNECTIONS,
    /** Short messages and long ones. */
    SIZES,
    /** How long a message takes when there are few. */
    TRICKLE,
    /** Starting, and doing nothing. */
    IDLE,
    /** What a message costs when many are waiting. */
    BACKLOG;

    String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
