package io.skewer.core.config;

/** {@code [store]}. */
public record StoreSection(
        @Setting(
                value = "false",
                about =
                        "Wait for the disk before a message counts as kept. With false, acknowledged messages survive the death of any"
                                + " process but not a power loss; with true they survive both.")
        boolean fsync,

        @Setting(
                value = "\"\"",
                secret = true,
                about = "Encrypts what is stored: 32 bytes as printed by 'skewer make-secret'. Empty: not encrypted.")
        String secret,

        @Setting(
                value = "67108864",
                size = true,
                min = 1024 * 1024,
                max = 1L << 30,
                about = "Size in bytes of one file of the store.")
        long segmentSize,

        @Setting(value = "true", about = "Give a message without MSGID its own id as MSGID.")
        boolean addMissingMsgid) {

    /** Everything but the secret, so that no message about a configuration can spill it. */
    @Override
    public String toString() {
        return "StoreSection[fsync=" + fsync + ", secret=" + (secret.isEmpty() ? "" : "***") + ", segmentSize="
                + segmentSize + ", addMissingMsgid=" + addMissingMsgid + "]";
    }
}
