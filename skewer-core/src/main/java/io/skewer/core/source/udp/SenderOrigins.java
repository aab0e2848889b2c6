package io.skewer.core.source.udp;

import io.netty.util.NetUtil;
import io.skewer.core.message.Origin;
import io.skewer.core.source.ListeningSocket;
import java.net.InetAddress;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The origins of the senders that were heard last; bounded, because anybody can forge addresses. Used by one thread. */
final class SenderOrigins {
    static final int MOST_SENDERS = 4096;

    private final ListeningSocket socket;
    private final byte[] unknown;
    private final Map<InetAddress, byte[]> known = new LinkedHashMap<>(64, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<InetAddress, byte[]> eldest) {
            return size() > MOST_SENDERS;
        }
    };
    private @Nullable InetAddress last;
    private byte[] lastOrigin;

    SenderOrigins(ListeningSocket socket) {
        this.socket = socket;
        unknown = new Origin("udp", "", socket.port(), socket.unixPath()).toBytes();
        lastOrigin = unknown;
    }

    /** For senders without an address: those of a unix socket. */
    byte[] ofNobody() {
        return unknown;
    }

    byte[] of(InetAddress sender) {
        if (!sender.equals(last)) {
            lastOrigin = known.computeIfAbsent(
                    sender,
                    address -> new Origin("udp", NetUtil.toAddressString(address), socket.port(), socket.unixPath())
                            .toBytes());
            last = sender;
        }
        return lastOrigin;
    }

    int size() {
        return known.size();
    }
}
