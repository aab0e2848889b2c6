package io.skewer.store;

import java.util.Arrays;
import java.util.List;

/**
 * What the operator decides about the store.
 *
 * @param fsync whether a batch counts as kept only when it is safe against power loss
 * @param secrets what it is encrypted with
 * @param segmentBytes size of one file; a file with a single larger batch is larger
 * @param limits how much room it may take
 * @param strict whether damaged files end the start instead of being set aside
 * @param destinations the names of the configured destinations
 * @param failureReasons names of the reason codes of {@link Subscription#fail}, by code, for the measures
 */
public record StoreSettings(
        boolean fsync,
        Secrets secrets,
        long segmentBytes,
        StoreLimits limits,
        boolean strict,
        List<String> destinations,
        List<String> failureReasons) {
    /**
     * The present secret and earlier ones.
     *
     * @param present at least 16 bytes, or an empty array for a store that is not encrypted
     * @param old what was written with these can be read as well; an empty one stands for what is not encrypted
     */
    public record Secrets(byte[] present, List<byte[]> old) {
        public Secrets {
            old = List.copyOf(old);
        }

        /** Overwrites all of them. A store that was opened with them keeps what it needs. */
        public void wipe() {
            Arrays.fill(present, (byte) 0);
            old.forEach(one -> Arrays.fill(one, (byte) 0));
        }

        @Override
        public String toString() {
            return "Secrets[encrypted=" + (present.length > 0) + ", old=" + old.size() + "]";
        }
    }

    public StoreSettings {
        destinations = List.copyOf(destinations);
        failureReasons = List.copyOf(failureReasons);
        if (segmentBytes < 1024) {
            throw new IllegalArgumentException("segments of " + segmentBytes + " bytes");
        }
    }
}
