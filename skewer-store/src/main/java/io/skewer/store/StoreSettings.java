package io.skewer.store;

import java.util.List;

/**
 * What the operator decides about the store.
 *
 * @param fsync whether a batch counts as kept only when it is safe against power loss
 * @param secret at least 16 bytes, or an empty array for a store that is not encrypted
 * @param segmentBytes size of one file; a file with a single larger batch is larger
 * @param destinations the names of the configured destinations
 * @param failureReasons names of the reason codes of {@link Subscription#fail}, by code, for the measures
 */
public record StoreSettings(
        boolean fsync, byte[] secret, long segmentBytes, List<String> destinations, List<String> failureReasons) {
    public StoreSettings {
        destinations = List.copyOf(destinations);
        failureReasons = List.copyOf(failureReasons);
        if (segmentBytes < 1024) {
            throw new IllegalArgumentException("segments of " + segmentBytes + " bytes");
        }
    }

    @Override
    public String toString() {
        return "StoreSettings[fsync=" + fsync + ", encrypted=" + (secret.length > 0) + ", segmentBytes=" + segmentBytes
                + ", destinations=" + destinations + "]";
    }
}
