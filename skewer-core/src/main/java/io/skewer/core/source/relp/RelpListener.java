package io.skewer.core.source.relp;

import io.skewer.core.config.RelpSource;
import io.skewer.core.measure.Counter;
import io.skewer.core.measure.Measures;
import io.skewer.core.source.Lanes;
import io.skewer.core.source.ListeningSocket;
import io.skewer.core.source.SourceContext;
import io.skewer.core.source.StreamServer;
import io.skewer.core.source.Treatment;
import java.time.Duration;
import java.util.List;

/**
 * Receives RELP over TCP and unix stream sockets, for all sections and sockets of a process: {@link #listen} for each section,
 * {@link #start}, {@link #drain}, {@link #close}, all by one thread. A message is acknowledged when the outlet says that its batch is
 * kept; nothing that was acknowledged depends on this process any more.
 */
public final class RelpListener implements AutoCloseable {
    private static final String SOURCE = "relp";

    private final SourceContext context;
    private final Lanes lanes;
    private final StreamServer server;

    /** @throws UnsupportedOperationException on systems without epoll */
    public RelpListener(SourceContext context) {
        this.context = context;
        lanes = new Lanes(SOURCE, context);
        server = new StreamServer(SOURCE, lanes, context.measures());
    }

    /**
     * Adopts the listening sockets of one section.
     *
     * @throws IllegalArgumentException for a descriptor that is not open or blocks
     */
    public void listen(List<ListeningSocket> sockets, RelpSource section, Treatment treatment) {
        Measures measures = context.measures();
        RelpSession.Shared shared = new RelpSession.Shared(
                section.windowSize(),
                context.maxMessageBytes(),
                answers(measures, "200"),
                answers(measures, "500"),
                measures.counter(
                        "skewer_dropped_messages_total", "Messages dropped.", "source", SOURCE, "reason", "oversize"));
        StreamServer.Section limits = new StreamServer.Section(section.connections(), treatment);
        for (ListeningSocket socket : sockets) {
            server.listen(socket, limits, (intake, origin, wire) -> new RelpSession(shared, intake, origin, wire));
        }
    }

    private static Counter answers(Measures measures, String code) {
        return measures.counter("skewer_relp_answers_total", "Answers to messages received by RELP.", "code", code);
    }

    /** Starts to accept. */
    public void start() {
        server.start();
    }

    /**
     * Stops accepting and reading, and waits until all that was read is kept and answered. Clients are told with {@code serverclose}.
     *
     * @return false when the time was too short
     */
    public boolean drain(Duration timeout) throws InterruptedException {
        server.stopAccepting();
        return lanes.drain(timeout);
    }

    /** Closes all connections at once. */
    @Override
    public void close() {
        lanes.close();
    }
}
