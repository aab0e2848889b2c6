package io.skewer.ipc.link;

import org.jspecify.annotations.Nullable;

/** What a frame is for. The code travels in clear in the frame's head and is authenticated; codes are never used again. */
public enum FrameType {
    // Data links.
    /** A batch of messages with its number. Listener to store, store to forwarder. */
    BATCH(1),
    /** So many more bytes of batches may be sent. Receiver of batches to their sender. */
    CREDIT(2),
    /** All batches up to this number are kept. Store to listener. */
    KEPT(3),
    /** What became of records of a batch. Forwarder to store. */
    SETTLED(4),
    // 5 was an end of batches, which nobody needs: what has no answer is sent again, however a link ended.

    // Control links, supervisor to child.
    /** The child's part of the configuration. */
    SETTINGS(16),
    /** A descriptor for a listening socket comes along. */
    SOCKET(17),
    /** A descriptor for a data link comes along, with its key. */
    PEER(18),
    /** Nothing else comes before traffic: begin. */
    START(19),
    /** Hand over or settle what is on its way, then answer {@link #STOPPED} and end. */
    STOP(20),
    /** Answer with {@link #MEASURES}. */
    MEASURE(21),

    // Control links, child to supervisor.
    /** The child is warm and waits for {@link #START}. */
    READY(32),
    /** The child is at work. */
    STARTED(33),
    /** One log record. */
    LOG(34),
    /** All samples of the child. */
    MEASURES(35),
    /** Everything was handed over or settled, or time was up. */
    STOPPED(36),
    /** The data link to the store broke; when the store lives, a new one is needed. */
    LINK_LOST(37);

    private static final @Nullable FrameType[] BY_CODE = new FrameType[64];

    static {
        for (FrameType type : values()) {
            BY_CODE[type.code] = type;
        }
    }

    private final byte code;

    FrameType(int code) {
        this.code = (byte) code;
    }

    public byte code() {
        return code;
    }

    static FrameType ofCode(int code) throws ProtocolViolation {
        @Nullable FrameType type = code >= 0 && code < BY_CODE.length ? BY_CODE[code] : null;
        if (type == null) {
            throw new ProtocolViolation("frame type " + code);
        }
        return type;
    }
}
