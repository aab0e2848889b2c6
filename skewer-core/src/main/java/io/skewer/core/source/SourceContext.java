package io.skewer.core.source;

import io.skewer.core.measure.Measures;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * What a listener gets from its process.
 *
 * @param outlet where batches go
 * @param measures where it counts
 * @param wallClockNs nanoseconds since 1970 UTC; read once per burst, not per message
 * @param batchDelay longest wait of a message in a batch while the line is busy
 * @param maxMessageBytes longest message
 * @param eventLoops threads that read sockets
 */
public record SourceContext(
        Outlet outlet,
        Measures measures,
        LongSupplier wallClockNs,
        Duration batchDelay,
        int maxMessageBytes,
        int eventLoops) {
    /** @throws IllegalArgumentException for a number that makes no sense */
    public SourceContext {
        if (maxMessageBytes < 1 || eventLoops < 1 || batchDelay.isNegative()) {
            throw new IllegalArgumentException("messages of " + maxMessageBytes + " bytes, " + eventLoops
                    + " event loops, batch delay " + batchDelay);
        }
    }
}
