package io.skewer.core.source.udp;

import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollDomainDatagramChannel;
import io.skewer.core.config.UdpSource;
import io.skewer.core.measure.Counter;
import io.skewer.core.source.Adoption;
import io.skewer.core.source.DatagramBuffer;
import io.skewer.core.source.Intake;
import io.skewer.core.source.Lane;
import io.skewer.core.source.Lanes;
import io.skewer.core.source.ListeningSocket;
import io.skewer.core.source.SourceContext;
import io.skewer.core.source.Treatment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Receives syslog over UDP and unix datagram sockets, for all sections and sockets of a process: {@link #listen} for each
 * section, {@link #start}, {@link #drain}, {@link #close}, all by one thread. Sockets are dealt out to the event loops in turn.
 *
 * <p>Datagrams of network sockets are received many at a time (recvmmsg). What arrives while there is no credit, or faster than it
 * can be taken, waits in the kernel's queue; what that drops is {@code skewer_udp_kernel_drops_total}.
 */
public final class UdpListener implements AutoCloseable {
    private static final String SOURCE = "udp";
    /** The longest payload of a UDP datagram over IPv6: 65535 - 8. */
    private static final int MAX_UDP_BYTES = 65_527;

    private record Waiting(Channel channel, EventLoop loop) {}

    private final SourceContext context;
    private final Lanes lanes;
    private final Counter truncated;
    private final List<Waiting> sockets = new ArrayList<>();
    private final List<DatagramBuffer> buffers = new ArrayList<>();

    /** @throws UnsupportedOperationException on systems without epoll */
    public UdpListener(SourceContext context) {
        this.context = context;
        lanes = new Lanes(SOURCE, context);
        truncated = context.measures()
                .counter(
                        "skewer_protocol_errors_total",
                        "What senders did wrong.",
                        "source",
                        SOURCE,
                        "reason",
                        "truncated");
    }

    /**
     * Adopts the sockets of one section. Nothing is received before {@link #start}.
     *
     * @throws IllegalArgumentException for a descriptor that is not open or blocks
     */
    public void listen(List<ListeningSocket> inherited, UdpSource section, Treatment treatment) {
        for (ListeningSocket socket : inherited) {
            Adoption.check(socket);
            EventLoop loop = lanes.group().next();
            Lane lane = lanes.of(loop);
            Channel channel = socket.isUnix()
                    ? new EpollDomainDatagramChannel(socket.fd())
                    : new EpollDatagramChannel(socket.fd());
            int datagramBytes = context.maxMessageBytes() + 1;
            if (!socket.isUnix()) {
                datagramBytes = Math.min(datagramBytes, MAX_UDP_BYTES + 1);
                channel.config().setOption(EpollChannelOption.MAX_DATAGRAM_PAYLOAD_SIZE, datagramBytes);
            }
            DatagramBuffer buffer =
                    socket.isUnix() ? DatagramBuffer.single(datagramBytes) : DatagramBuffer.many(datagramBytes);
            buffers.add(buffer);
            channel.config().setRecvByteBufAllocator(buffer.allocator());
            ReceiveQueue queue = new ReceiveQueue(channel);
            queue.request(section.receiveBufferSize(), socket);
            context.measures()
                    .countedElsewhere(
                            "skewer_udp_kernel_drops_total",
                            "Datagrams that the kernel dropped because the receive buffer was full.",
                            queue::drops,
                            "listener",
                            socket.label());
            Intake intake = new Intake(lane, SOURCE, socket.label(), treatment);
            channel.pipeline().addLast(new DatagramSocketReader(channel, intake, new SenderOrigins(socket), truncated));
            sockets.add(new Waiting(channel, loop));
        }
    }

    /** Starts to receive. */
    public void start() {
        for (Waiting socket : sockets) {
            socket.loop().register(socket.channel()).syncUninterruptibly();
        }
    }

    /**
     * Stops receiving, and waits until all that was received is kept by the store.
     *
     * @return false when the time was too short
     */
    public boolean drain(Duration timeout) throws InterruptedException {
        return lanes.drain(timeout);
    }

    /** Closes all sockets at once. */
    @Override
    public void close() {
        lanes.close();
        buffers.forEach(DatagramBuffer::release);
    }
}
