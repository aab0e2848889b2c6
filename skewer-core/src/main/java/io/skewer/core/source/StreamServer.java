package io.skewer.core.source;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.handler.timeout.IdleStateHandler;
import io.netty.util.NetUtil;
import io.skewer.core.config.Connections;
import io.skewer.core.measure.Counter;
import io.skewer.core.measure.Measures;
import io.skewer.core.message.Origin;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Accepts the connections of one stream source, TCP or RELP, and makes a {@link Conversation} for each. {@link #listen},
 * {@link #start} and {@link #stopAccepting} are called by one thread; connections live on their event loops.
 */
public final class StreamServer {
    /** How a source talks to its peers. */
    public interface Protocol {
        /**
         * @param intake where messages go, on the event loop of the connection
         * @param origin of this connection, in the form of {@link Origin}
         */
        Conversation open(Intake intake, byte[] origin, Conversation.Wire wire);
    }

    private static final Logger LOG = LoggerFactory.getLogger(StreamServer.class);
    private static final String PROTOCOL_ERRORS = "skewer_protocol_errors_total";

    private final String source;
    private final Lanes lanes;
    private final Measures measures;
    private final Counter accepted;
    private final Counter refused;
    private final AtomicInteger connections = new AtomicInteger();
    private final Occasionally refusedLog = new Occasionally();
    private final Occasionally violationLog = new Occasionally();
    private final List<ServerBootstrap> bootstraps = new ArrayList<>();
    private final List<Channel> servers = new ArrayList<>();

    public StreamServer(String source, Lanes lanes, Measures measures) {
        this.source = source;
        this.lanes = lanes;
        this.measures = measures;
        accepted = measures.counter("skewer_connections_total", "Connections accepted.", "source", source);
        refused = measures.counter(
                "skewer_refused_connections_total", "Connections closed at once: too many.", "source", source);
        measures.gauge(
                "skewer_connections",
                "Connections that are open, or whose last bytes wait for the store.",
                connections::get,
                "source",
                source);
    }

    /**
     * Adopts a listening socket. Nothing is accepted before {@link #start}.
     *
     * @param section shared by all sockets of the section
     */
    public void listen(ListeningSocket socket, Section section, Protocol protocol) {
        Adoption.check(socket);
        Map<Lane, Intake> intakes = new ConcurrentHashMap<>();
        for (Lane lane : lanes.all()) {
            intakes.put(lane, new Intake(lane, source, socket.label(), section.treatment()));
        }
        ServerBootstrap bootstrap = new ServerBootstrap()
                .group(lanes.group())
                .channelFactory(() -> socket.isUnix()
                        ? new EpollServerDomainSocketChannel(socket.fd(), true)
                        : new EpollServerSocketChannel(socket.fd()))
                .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        Lane lane = lanes.of(channel.eventLoop());
                        Intake intake = intakes.get(lane);
                        if (intake == null || !admit(section)) {
                            var _ = channel.close();
                            return;
                        }
                        byte[] origin = originOf(channel, socket);
                        StreamConnection connection = new StreamConnection(
                                lane,
                                channel,
                                wire -> protocol.open(intake, origin, wire),
                                violation -> report(violation, channel));
                        channel.closeFuture().addListener(closed -> connection.whenEmptied(() -> forget(section)));
                        buildPipeline(channel, section, connection);
                    }
                });
        if (!socket.isUnix()) {
            keepAlive(bootstrap, section.limits());
        }
        bootstraps.add(bootstrap);
    }

    /** What the sockets of one section of the configuration share. Connections are counted here until they hold nothing any more. */
    public static final class Section {
        private final Connections limits;
        private final Treatment treatment;
        private final AtomicInteger open = new AtomicInteger();

        public Section(Connections limits, Treatment treatment) {
            this.limits = limits;
            this.treatment = treatment;
        }

        Connections limits() {
            return limits;
        }

        Treatment treatment() {
            return treatment;
        }
    }

    /** Starts to accept on all sockets. */
    public void start() {
        for (ServerBootstrap bootstrap : bootstraps) {
            servers.add(bootstrap.register().syncUninterruptibly().channel());
        }
    }

    /** Gives the listening sockets up; connections stay. */
    public void stopAccepting() {
        servers.forEach(server -> server.close().awaitUninterruptibly());
    }

    private static void keepAlive(ServerBootstrap bootstrap, Connections limits) {
        bootstrap
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.SO_KEEPALIVE, limits.keepalive());
        if (limits.keepalive()) {
            int seconds = Math.clamp(limits.keepalivePeriod().toSeconds(), 1, Short.MAX_VALUE);
            bootstrap
                    .childOption(EpollChannelOption.TCP_KEEPIDLE, seconds)
                    .childOption(EpollChannelOption.TCP_KEEPINTVL, seconds);
        }
    }

    /** What stands between the socket and the connection, outermost first. TLS goes to the front. */
    private static void buildPipeline(Channel channel, Section section, StreamConnection connection) {
        long timeoutNs = section.limits().timeout().toNanos();
        if (timeoutNs > 0) {
            channel.pipeline().addLast(new IdleStateHandler(timeoutNs, 0, 0, TimeUnit.NANOSECONDS));
        }
        channel.config().setRecvByteBufAllocator(connection.receiveBuffer());
        channel.pipeline().addLast(connection);
    }

    private boolean admit(Section section) {
        if (section.open.incrementAndGet() > section.limits().maxConnections()) {
            section.open.decrementAndGet();
            refused.increment();
            refusedLog.say(times -> LOG.atWarn()
                    .setMessage(source + ".connection_refused")
                    .addKeyValue("times", times)
                    .addKeyValue("max_connections", section.limits().maxConnections())
                    .log());
            return false;
        }
        accepted.increment();
        connections.incrementAndGet();
        return true;
    }

    /** The connection is closed, and what it brought no longer takes memory: another one may come. */
    private void forget(Section section) {
        section.open.decrementAndGet();
        connections.decrementAndGet();
    }

    private void report(ProtocolViolation violation, Channel channel) {
        measures.counter(PROTOCOL_ERRORS, "What senders did wrong.", "source", source, "reason", violation.reason())
                .increment();
        violationLog.say(times -> LOG.atWarn()
                .setMessage(source + ".connection_closed")
                .addKeyValue("times", times)
                .addKeyValue("reason", violation.reason())
                .addKeyValue("detail", violation.getMessage())
                .addKeyValue("client", clientOf(channel))
                .log());
    }

    private byte[] originOf(Channel channel, ListeningSocket socket) {
        return new Origin(source, clientOf(channel), socket.port(), socket.unixPath()).toBytes();
    }

    /** The peer's IP address; empty for unix sockets. */
    private static String clientOf(Channel channel) {
        return channel.remoteAddress() instanceof InetSocketAddress peer && peer.getAddress() != null
                ? NetUtil.toAddressString(peer.getAddress())
                : "";
    }
}
