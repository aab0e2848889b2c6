package io.skewer.cli.role;

import io.skewer.core.source.ListeningSocket;
import io.skewer.ipc.link.Link;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What all listeners do: take sockets, join the store, receive; at the stop hand over what was received. */
final class ListenerDuty implements Duty {
    /** One kind of source, as its main wires it. */
    interface Listener {
        /** Takes all sockets of one section of the configuration. */
        void listen(int section, List<ListeningSocket> sockets);

        void start();

        /** Stops receiving and hands over what was received. @return false when the time was too short */
        boolean drain(Duration timeout) throws InterruptedException;

        void close();
    }

    private static final Logger LOG = LoggerFactory.getLogger(ListenerDuty.class);

    private final StoreLine store;
    private final Listener listener;
    private final boolean answers;
    private final SortedMap<Integer, List<ListeningSocket>> sockets = new TreeMap<>();

    /** @param answers whether senders are told what is kept, and send again what is not */
    ListenerDuty(StoreLine store, boolean answers, Listener listener) {
        this.store = store;
        this.answers = answers;
        this.listener = listener;
    }

    @Override
    public void join(Role peer, Link link) {
        store.join(link);
    }

    @Override
    public void listen(SocketGrant socket, int descriptor) {
        sockets.computeIfAbsent(socket.section(), ignored -> new ArrayList<>())
                .add(new ListeningSocket(descriptor, socket.address(), socket.port(), socket.path()));
    }

    @Override
    public void start() {
        sockets.forEach(listener::listen);
        listener.start();
    }

    @Override
    public void stop(Duration timeout) throws InterruptedException {
        if (!listener.drain(timeout)) {
            LOG.atError()
                    .setMessage("listener.not_drained")
                    .addKeyValue("messages", store.messagesInFlight())
                    .addKeyValue(
                            "effect",
                            answers
                                    ? "not kept; their senders have no answer and send them again"
                                    : "LOST: they are not kept, and their senders do not send them again")
                    .addKeyValue("advice", "the store had no room (store.full), or main.stop_timeout is too short")
                    .log();
        }
        listener.close();
    }
}
