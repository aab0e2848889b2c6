package io.skewer.core.config;

import java.util.List;

/** {@code [store]}. */
public record StoreSection(
        @Setting(
                value = "true",
                about =
                        "Wait for the disk before a message counts as kept: acknowledged messages then survive the death of any"
                                + " process and a power loss. With false they survive only the former.")
        boolean fsync,

        @Setting(
                value = "\"\"",
                secret = true,
                about = "Encrypts what is stored: 32 bytes as printed by 'skewer make-secret'. Empty: not encrypted.")
        String secret,

        @Setting(
                value = "[]",
                secret = true,
                about =
                        "Earlier secrets: what they encrypted is still read, new files get the present one. An empty text stands"
                                + " for files that are not encrypted. Remove one when 'skewer store ls' shows no file of its key.")
        List<String> oldSecrets,

        @Setting(
                value = "67108864",
                size = true,
                min = 1024 * 1024,
                max = 1L << 30,
                about = "Size in bytes of one file of the store.")
        long segmentSize,

        @Setting(
                value = "0",
                size = true,
                min = 0,
                about =
                        "Most bytes that the store may take, dead letters included, kept to one segment; 0: no limit but the disk.")
        long maxSize,

        @Setting(
                value = "67108864",
                size = true,
                min = 0,
                about = "Bytes of the file system that the store leaves free for others.")
        long minFree,

        @Setting(
                value = "\"block\"",
                oneOf = {"block", "drop_oldest", "drop_newest"},
                about =
                        "What happens when there is no room: senders wait, or the oldest segment goes although it was not delivered,"
                                + " or new messages are acknowledged and thrown away. What is dropped is counted.")
        String policy,

        @Setting(
                value = "\"salvage\"",
                oneOf = {"salvage", "strict"},
                about =
                        "What to do with damaged files at the start: set them aside and go on, or refuse to start and name them.")
        String recovery,

        @Setting(value = "true", about = "Give a message without MSGID its own id as MSGID.")
        boolean addMissingMsgid) {

    /** The same without secrets, for those who need none. */
    public StoreSection withoutSecrets() {
        return new StoreSection(fsync, "", List.of(), segmentSize, maxSize, minFree, policy, recovery, addMissingMsgid);
    }

    /** Everything but the secrets, so that no message about a configuration can spill them. */
    @Override
    public String toString() {
        return "StoreSection[fsync=" + fsync + ", secret=" + (secret.isEmpty() ? "" : "***") + ", oldSecrets="
                + oldSecrets.size() + ", segmentSize=" + segmentSize + ", maxSize=" + maxSize + ", minFree=" + minFree
                + ", policy=" + policy + ", recovery=" + recovery + ", addMissingMsgid=" + addMissingMsgid + "]";
    }
}
