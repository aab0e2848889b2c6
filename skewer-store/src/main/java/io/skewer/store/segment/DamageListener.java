package io.skewer.store.segment;

/** Hears of bytes of a segment that cannot be used. */
@FunctionalInterface
public interface DamageListener {
    /**
     * The bytes {@code from} to {@code to} were skipped.
     *
     * @param why for the operator
     */
    void damaged(Segment segment, long from, long to, String why);
}
