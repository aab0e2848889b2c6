package io.skewer.core.source.tcp;

import io.skewer.core.config.TcpSource;
import io.skewer.core.source.Lanes;
import io.skewer.core.source.ListeningSocket;
import io.skewer.core.source.SourceContext;
import io.skewer.core.source.StreamServer;
import io.skewer.core.source.Treatment;
import io.skewer.core.source.framing.Framing;
import io.skewer.core.source.framing.SyslogFramer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

/**
 * Receives syslog over TCP and unix stream sockets, for all sections and sockets of a process. Called by one thread:
 *
 * <pre>
 * var tcp = new TcpListener(context);
 * tcp.listen(socketsOfSection, section, new Treatment(() -> decoder(section), topic, key));   // for each section
 * tcp.start();
 * ... until the process shall stop ...
 * tcp.drain(timeout);
 * tcp.close();
 * </pre>
 *
 * <p>A stop that cannot lose anything is not in the protocol: what the kernel has acknowledged to the sender, and what was not read
 * yet when {@link #drain} began, is lost. Everything that was read is handed over, also an unfinished line.
 */
public final class TcpListener implements AutoCloseable {
    private static final String SOURCE = "tcp";

    private final SourceContext context;
    private final Lanes lanes;
    private final StreamServer server;
    private final CutFrames cutFrames;

    /** @throws UnsupportedOperationException on systems without epoll */
    public TcpListener(SourceContext context) {
        this.context = context;
        lanes = new Lanes(SOURCE, context);
        server = new StreamServer(SOURCE, lanes, context.measures());
        cutFrames = new CutFrames(context.measures(), SOURCE);
    }

    /**
     * Adopts the listening sockets of one section.
     *
     * @throws IllegalArgumentException for a descriptor that is not open or blocks, or an empty delimiter
     */
    public void listen(List<ListeningSocket> sockets, TcpSource section, Treatment treatment) {
        Framing framing = new Framing(
                context.maxMessageBytes(), section.delimiter().getBytes(StandardCharsets.UTF_8), section.lineFraming());
        StreamServer.Section shared = new StreamServer.Section(section.connections(), treatment);
        for (ListeningSocket socket : sockets) {
            server.listen(
                    socket,
                    shared,
                    (intake, origin, wire) ->
                            new SyslogConversation(new SyslogFramer(framing), intake, cutFrames, origin));
        }
    }

    /** Starts to accept. */
    public void start() {
        server.start();
    }

    /**
     * Stops accepting and reading, and waits until all that was read is kept by the store.
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
