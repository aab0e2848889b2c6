package io.skewer.core.source;

import io.skewer.core.message.ByteBuilder;

/**
 * The protocol of one stream connection, on its event loop. It reads bytes in place and never sees the socket.
 */
public interface Conversation {
    /**
     * Takes what is complete. Stops before a message while the assembler is paused or {@link #isBlocked()}.
     *
     * @return where the first byte stands that was not taken; it will be the first one of the next call
     * @throws ProtocolViolation when the connection cannot go on
     */
    int take(byte[] bytes, int from, int to) throws ProtocolViolation;

    /** The peer sends no more; {@code from..to} is what {@link #take} left. */
    void end(byte[] bytes, int from, int to);

    /** It does not want to be given more, until it says otherwise ({@link Wire#changed()}). */
    boolean isBlocked();

    /** Everything is said: the connection may be closed. Asked when the peer has ended, and after each change. */
    boolean isOver();

    /** Adds the last words before the connection is closed by us, after a violation or at a stop. */
    void farewell(ByteBuilder out);

    /** To be called after each burst: adds to the counters. */
    void count();

    /** What a conversation may do to its connection. */
    interface Wire {
        /** Sends bytes, copied, with one flush. */
        void send(ByteBuilder bytes);

        /** {@link #isBlocked()} or {@link #isOver()} may have changed outside of {@link #take}. */
        void changed();
    }
}
