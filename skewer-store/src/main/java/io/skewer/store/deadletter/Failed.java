package io.skewer.store.deadletter;

/**
 * A record that a destination refused for good.
 *
 * @param source where the record is
 * @param refusal with all attempts, also those before it became a letter the last time
 * @param firstMs when it was offered first, ms since 1970 UTC
 * @param settled runs once the letter is kept; {@code false}: the record could not be read any more
 */
public record Failed(String destination, Source source, Refusal refusal, long firstMs, Settled settled) {
    /** Where a failed record is. */
    public sealed interface Source {
        /** In a batch of the log. */
        record Log(long batch, int record) implements Source {}

        /** In a letter that was tried again: it is gone once the new one is kept. */
        record Letter(long number, byte[] record) implements Source {}
    }

    /** What to do once the letter is kept. */
    @FunctionalInterface
    public interface Settled {
        /** @param kept whether there is a letter; else the record is damaged and lost */
        void settled(boolean kept);
    }
}
