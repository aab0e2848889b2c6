package io.skewer.cli.loadgen;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;

/**
 * What to send where.
 *
 * @param transport how messages travel
 * @param target an {@link InetSocketAddress}, or a {@link UnixDomainSocketAddress} for a unix socket
 * @param form what a message looks like
 * @param messages over all connections
 * @param connections each sends its share, numbered from 0, under a sender's name of its own
 * @param perSecond messages per second over all connections; 0: as fast as they are taken
 * @param window RELP: messages of one connection that may wait for their answer
 */
public record Load(
        Transport transport,
        SocketAddress target,
        MessageForm form,
        long messages,
        int connections,
        long perSecond,
        int window) {

    /** Carries messages. */
    public enum Transport {
        /** A stream in which each message ends with LF (RFC 6587 section 3.4.2). */
        TCP_LF,
        /** A stream in which the length stands before each message (RFC 6587 section 3.4.1). */
        TCP_OCTET,
        /** One datagram for each message (RFC 5426). */
        UDP,
        /** Each message is acknowledged. */
        RELP
    }

    /** What the buffers of all connections may take together. */
    private static final int BUFFERS_BYTES = 32 * 1024 * 1024;

    /** Larger writes gain nothing. */
    private static final int WRITE_BYTES = 128 * 1024;

    private static final int SMALL_WRITE_BYTES = 4 * 1024;

    /** How much a stream connection writes with one call; less when there are many. */
    int writeBytes() {
        return Math.clamp(BUFFERS_BYTES / connections, SMALL_WRITE_BYTES, WRITE_BYTES);
    }

    /** How many messages a connection sends: the first ones send one more when the division leaves a rest. */
    long shareOf(int connection) {
        return messages / connections + (connection < messages % connections ? 1 : 0);
    }

    Pace newPace() {
        return new Pace(perSecond == 0 ? 0 : (double) perSecond / connections, System::nanoTime);
    }
}
