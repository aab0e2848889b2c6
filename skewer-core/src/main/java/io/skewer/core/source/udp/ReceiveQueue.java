package io.skewer.core.source.udp;

import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.unix.IntegerUnixChannelOption;
import io.netty.channel.unix.RawUnixChannelOption;
import io.skewer.core.source.ListeningSocket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The kernel's queue of one datagram socket: how large it may be, and what it dropped because it was full, which nobody else
 * can know. Safe for use by several threads.
 */
final class ReceiveQueue {
    private static final Logger LOG = LoggerFactory.getLogger(ReceiveQueue.class);

    /** socket(7); the same numbers on all architectures that have a native library here. */
    private static final int SOL_SOCKET = 1;

    private static final int SO_RCVBUF = 8;
    private static final int SO_RCVBUFFORCE = 33;
    private static final int SO_MEMINFO = 55;
    /** linux/sock_diag.h: nine numbers of 32 bits, SK_MEMINFO_DROPS is the last one. Linux 4.6. */
    private static final int MEMINFO_BYTES = 36;

    private static final int DROPS_OFFSET = 32;

    private static final IntegerUnixChannelOption SIZE =
            new IntegerUnixChannelOption("SO_RCVBUF", SOL_SOCKET, SO_RCVBUF);
    private static final IntegerUnixChannelOption FORCED_SIZE =
            new IntegerUnixChannelOption("SO_RCVBUFFORCE", SOL_SOCKET, SO_RCVBUFFORCE);
    private static final RawUnixChannelOption MEMORY =
            new RawUnixChannelOption("SO_MEMINFO", SOL_SOCKET, SO_MEMINFO, MEMINFO_BYTES);

    private final Channel channel;
    private volatile long dropsSeen;

    ReceiveQueue(Channel channel) {
        this.channel = channel;
    }

    /** Asks for a size beyond the limit of the system first, which only a privileged process gets. Logs what was granted. */
    int request(int bytes, ListeningSocket socket) {
        try {
            channel.config().setOption(FORCED_SIZE, bytes);
        } catch (ChannelException notPrivileged) {
            channel.config().setOption(SIZE, bytes);
        }
        // The kernel doubles what is asked for, to have room for its own book-keeping (socket(7)), and tells the
        // double.
        Integer doubled = channel.config().getOption(SIZE);
        int granted = doubled == null ? 0 : doubled / 2;
        var line = (granted < bytes ? LOG.atWarn() : LOG.atInfo())
                .setMessage("udp.receive_buffer")
                .addKeyValue("listener", socket.label())
                .addKeyValue("requested", bytes)
                .addKeyValue("granted", granted);
        if (granted < bytes) {
            line = line.addKeyValue("to_raise", "sysctl -w net.core.rmem_max=" + bytes);
        }
        line.log();
        return granted;
    }

    /** Datagrams that the kernel dropped since the socket was opened; modulo 2^32. After the close, the last number seen. */
    long drops() {
        if (channel.isOpen()) {
            try {
                ByteBuffer memory = channel.config().getOption(MEMORY);
                if (memory != null && memory.limit() >= MEMINFO_BYTES) {
                    dropsSeen = memory.order(ByteOrder.nativeOrder()).getInt(DROPS_OFFSET) & 0xFFFF_FFFFL;
                }
            } catch (ChannelException unavailable) {
                // An older kernel, or the socket was closed meanwhile: what is known stays.
                return dropsSeen;
            }
        }
        return dropsSeen;
    }
}
