package io.skewer.core.source;

/**
 * A peer broke the protocol of its connection, which is closed for it; nobody else is concerned. Carries no stack trace: hostile
 * peers decide how often it is thrown.
 */
public final class ProtocolViolation extends Exception {
    private final String reason;

    /**
     * @param reason a word from a fixed list of the protocol, for metrics
     * @param detail what happened, for the log; nothing that the peer sent
     */
    public ProtocolViolation(String reason, String detail) {
        super(detail, null, false, false);
        this.reason = reason;
    }

    public String reason() {
        return reason;
    }
}
