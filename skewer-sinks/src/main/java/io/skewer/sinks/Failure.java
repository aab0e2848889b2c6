package io.skewer.sinks;

import java.util.Locale;

/**
 * Why a record can never be delivered.
 *
 * @param reason a stable word for metrics and searches
 * @param attempts how often it was tried, at least 1
 * @param text for the operator; at most a few hundred characters, no content of the message
 */
public record Failure(Reason reason, int attempts, String text) {
    /** After one try. */
    public Failure(Reason reason, String text) {
        this(reason, 1, text);
    }

    /** The reasons a dead letter may have. The code is part of the link and dead letter formats. */
    public enum Reason {
        TOO_LARGE,
        REFUSED,
        INVALID_TOPIC,
        NOT_AUTHORIZED,
        ENCODING;

        public byte code() {
            return (byte) ordinal();
        }

        /** The word used in metrics. */
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
