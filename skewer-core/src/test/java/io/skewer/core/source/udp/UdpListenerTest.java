package io.skewer.core.source.udp;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.LinuxSocket;
import io.netty.channel.unix.DomainSocketAddress;
import io.skewer.core.config.UdpSource;
import io.skewer.core.measure.Measures;
import io.skewer.core.measure.Sample;
import io.skewer.core.message.Origin;
import io.skewer.core.source.ListeningSocket;
import io.skewer.core.source.Sockets;
import io.skewer.core.source.TestOutlet;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class UdpListenerTest {
    private static final int MAX_MESSAGE_BYTES = 9000;
    private static final Duration TEN_SECONDS = Duration.ofSeconds(10);

    private final Measures measures = new Measures();
    private final TestOutlet outlet = new TestOutlet();
    private final UdpListener udp = new UdpListener(Sockets.context(outlet, measures, MAX_MESSAGE_BYTES));

    @AfterEach
    void close() {
        udp.close();
    }

    private ListeningSocket listen(ListeningSocket socket, int bufferBytes) {
        udp.listen(
                List.of(socket),
                new UdpSource(Sockets.listening(), Sockets.DECODING, Sockets.ROUTING, bufferBytes),
                Sockets.RAW);
        udp.start();
        return socket;
    }

    private static void send(DatagramSocket from, ListeningSocket to, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        from.send(new DatagramPacket(
                bytes,
                bytes.length,
                from.getLocalAddress().isAnyLocalAddress() ? InetAddress.getLoopbackAddress() : from.getLocalAddress(),
                to.port()));
    }

    private double kernelDrops() {
        return Sockets.measured(measures, "skewer_udp_kernel_drops_total", Map.of());
    }

    @Test
    void eachDatagramIsOneMessage() throws Exception {
        ListeningSocket at = listen(Sockets.datagram("127.0.0.1"), 1 << 20);
        try (DatagramSocket from = new DatagramSocket(0, InetAddress.ofLiteral("127.0.0.1"))) {
            send(from, at, "<13>one\n");
            send(from, at, "");
            send(from, at, "\n\0");
            send(from, at, "<13>two\nlines");
            outlet.await(2);
        }
        assertThat(outlet.messages()).containsExactly("<13>one", "<13>two\nlines");
        assertThat(outlet.received().getFirst().origin()).isEqualTo(new Origin("udp", "127.0.0.1", at.port(), ""));
    }

    @Test
    void anAddressOfIpVersion6IsWrittenInFull() throws Exception {
        ListeningSocket at = listen(Sockets.datagram("::1"), 1 << 20);
        try (DatagramSocket from = new DatagramSocket(0, InetAddress.ofLiteral("::1"))) {
            send(from, at, "<13>six");
            outlet.await(1);
        }
        assertThat(outlet.received().getFirst().origin().clientAddress()).isEqualTo("::1");
    }

    @Test
    void aDatagramThatIsTooLongIsCutAndCounted() throws Exception {
        ListeningSocket at = listen(Sockets.datagram("127.0.0.1"), 1 << 20);
        try (DatagramSocket from = new DatagramSocket(0, InetAddress.ofLiteral("127.0.0.1"))) {
            send(from, at, "x".repeat(MAX_MESSAGE_BYTES));
            send(from, at, "y".repeat(MAX_MESSAGE_BYTES + 1));
            send(from, at, "z".repeat(60_000));
            outlet.await(3);
        }
        assertThat(outlet.messages()).allMatch(message -> message.length() == MAX_MESSAGE_BYTES);
        assertThat(Sockets.measured(measures, "skewer_protocol_errors_total", Map.of("reason", "truncated")))
                .isEqualTo(2);
    }

    @Test
    void manyDatagramsArriveInOrder() throws Exception {
        ListeningSocket at = listen(Sockets.datagram("127.0.0.1"), 1 << 23);
        int count = 20_000;
        try (DatagramSocket from = new DatagramSocket(0, InetAddress.ofLiteral("127.0.0.1"))) {
            for (int i = 0; i < count; i++) {
                send(from, at, "<13>" + i);
                if (i % 100 == 99) {
                    outlet.await(i - 50);
                }
            }
            outlet.await(count);
        }
        for (int i = 0; i < count; i++) {
            assertThat(outlet.messages().get(i)).isEqualTo("<13>" + i);
            i += 499;
        }
        assertThat(outlet.messages()).doesNotHaveDuplicates();
        assertThat(kernelDrops()).isZero();
    }

    @Test
    void withoutCreditTheKernelDropsAndItIsCounted() throws Exception {
        outlet.setCredit(1);
        ListeningSocket at = listen(Sockets.datagram("127.0.0.1"), 4096);
        int sent = 2000;
        try (DatagramSocket from = new DatagramSocket(0, InetAddress.ofLiteral("127.0.0.1"))) {
            send(from, at, "<13>first");
            Sockets.until("paused", outlet::hasWaiting);
            for (int i = 1; i < sent; i++) {
                send(from, at, "<13>" + i);
            }
        }
        Sockets.until("dropped", () -> kernelDrops() > 0);
        outlet.setCredit(Long.MAX_VALUE);
        Sockets.until("all seen", () -> outlet.count() + (int) kernelDrops() == sent);
        assertThat(measures.snapshot())
                .filteredOn(sample -> sample.name().equals("skewer_udp_kernel_drops_total"))
                .allMatch(sample -> sample.kind() == Sample.Kind.COUNTER);
    }

    @Test
    void onePortOnTwoAddressesIsCountedApart() throws Exception {
        ListeningSocket four = Sockets.datagram("127.0.0.1");
        ListeningSocket six = Sockets.datagram("::1", four.port());
        udp.listen(
                List.of(four, six),
                new UdpSource(Sockets.listening(), Sockets.DECODING, Sockets.ROUTING, 1 << 20),
                Sockets.RAW);
        udp.start();
        List<String> labels = List.of("127.0.0.1:" + four.port(), "[::1]:" + four.port());
        for (String address : List.of("127.0.0.1", "::1")) {
            try (DatagramSocket from = new DatagramSocket(0, InetAddress.ofLiteral(address))) {
                send(from, four, "<13>x");
            }
        }
        outlet.await(2);
        for (String label : labels) {
            Map<String, String> one = Map.of("listener", label);
            Sockets.until(label, () -> Sockets.measured(measures, "skewer_received_messages_total", one) == 1);
        }
        assertThat(measures.snapshot())
                .filteredOn(sample -> sample.name().equals("skewer_udp_kernel_drops_total"))
                .extracting(sample -> sample.labels().get("listener"))
                .containsExactlyInAnyOrderElementsOf(labels);
    }

    @Test
    void aUnixSocketIsServedAndItsPathSurvivesTheListener(@TempDir Path directory) throws Exception {
        Path path = directory.resolve("log");
        listen(Sockets.unixDatagram(path), 1 << 20);
        LinuxSocket client = LinuxSocket.newSocketDomainDgram();
        assertThat(client.connect(new DomainSocketAddress(path.toString()))).isTrue();
        byte[] bytes = "<13>local\n".getBytes(StandardCharsets.UTF_8);
        ByteBuffer buffer = ByteBuffer.allocateDirect(bytes.length).put(bytes);
        for (int i = 0; i < 3; i++) {
            client.send(buffer, 0, bytes.length);
        }
        outlet.await(3);
        client.close();
        assertThat(outlet.messages()).containsOnly("<13>local");
        assertThat(outlet.received().getFirst().origin()).isEqualTo(new Origin("udp", "", 0, path.toString()));
        assertThat(udp.drain(TEN_SECONDS)).isTrue();
        udp.close();
        assertThat(path).exists();
    }

    @Test
    void drainingWaitsUntilEverythingIsKept() throws Exception {
        ListeningSocket at = listen(Sockets.datagram("127.0.0.1"), 1 << 20);
        try (DatagramSocket from = new DatagramSocket(0, InetAddress.ofLiteral("127.0.0.1"))) {
            send(from, at, "<13>one");
            outlet.await(1);
        }
        assertThat(udp.drain(TEN_SECONDS)).isTrue();
        assertThat(kernelDrops()).isZero();
    }

    @Test
    void theBufferThatTheKernelGrantsIsTold() throws Exception {
        Epoll.ensureAvailability();
        ListeningSocket socket = Sockets.datagram("127.0.0.1");
        EpollDatagramChannel channel = new EpollDatagramChannel(socket.fd());
        assertThat(new ReceiveQueue(channel).request(65536, socket)).isEqualTo(65536);
        channel.unsafe().closeForcibly();
    }

    @Test
    void forgedSendersDoNotFillTheMemory() throws Exception {
        SenderOrigins origins = new SenderOrigins(ListeningSocket.ofPort(0, "127.0.0.1", 514));
        for (int i = 0; i < 3 * SenderOrigins.MOST_SENDERS; i++) {
            InetAddress sender = InetAddress.getByAddress(new byte[] {10, (byte) (i >> 16), (byte) (i >> 8), (byte) i});
            assertThat(Origin.of(origins.of(sender), 0, origins.of(sender).length)
                            .clientAddress())
                    .isEqualTo(sender.getHostAddress());
        }
        assertThat(origins.size()).isEqualTo(SenderOrigins.MOST_SENDERS);
    }
}
