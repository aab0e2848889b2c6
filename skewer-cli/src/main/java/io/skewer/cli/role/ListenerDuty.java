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
    private final SortedMap<Integer, List<ListeningSocket>> sockets = new TreeMap<>();

    ListenerDuty(StoreLine store, Listener listener) {
        this.store = store;
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
            LOG.atWarn()
                    .setMessage("listener.not_drained")
                    .addKeyValue("batches", store.batchesInFlight())
                    .addKeyValue("advice", "a longer main.stop_timeout lets the store take them")
                    .log();
        }
        listener.close();
    }
}
