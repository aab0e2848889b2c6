package io.skewer.core.config;

import java.time.Duration;
import java.util.List;

/** {@code [main]}. */
public record MainSection(
        @Setting(
                value = "65536",
                size = true,
                min = 480,
                max = 512 * 1024,
                about =
                        "Largest message in bytes that any source accepts; longer ones are refused or cut, and counted.")
        int maxInputMessageSize,

        @Setting(
                value = "\"stderr\"",
                about = "Where messages go: kafka, file, stderr, or several of them separated by commas.")
        String destination,

        @Setting(value = "true", about = "Encrypt and authenticate the links between the processes.")
        boolean encryptIpc,

        @Setting(
                value = "\"5ms\"",
                min = 0,
                max = 1_000_000_000,
                about = "How long a message may wait in a listener for others to travel with, when the line is busy.")
        Duration batchDelay,

        @Setting(
                value = "\"10s\"",
                min = 100_000_000,
                max = 600_000_000_000L,
                about =
                        "How long listeners may take at a stop to hand over what they have, and then the store to let settle what is on its way; the rest stays in the store. A store that is just coming back, or dies meanwhile, is waited for.")
        Duration stopTimeout) {

    /** The destinations in use, trimmed and in lower case, none twice. */
    public List<String> destinations() {
        return Destinations.parse(destination);
    }
}
