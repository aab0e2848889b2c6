package io.skewer.sinks;

/** Takes what became of offered records. Safe for use by several threads; never blocks for long. */
public interface Settler {
    /** The destination has the records {@code from} (inclusive) to {@code to} (exclusive) of a batch for good. */
    void delivered(long batch, int from, int to);

    /** The destination will never take this record; it goes to the dead letters. */
    void failed(long batch, int record, Failure failure);
}
