package io.skewer.core.source.tcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skewer.core.config.Connections;
import io.skewer.core.config.TcpSource;
import io.skewer.core.measure.Measures;
import io.skewer.core.message.Field;
import io.skewer.core.message.Origin;
import io.skewer.core.message.ParseStatus;
import io.skewer.core.source.ListeningSocket;
import io.skewer.core.source.Sockets;
import io.skewer.core.source.SourceContext;
import io.skewer.core.source.TestOutlet;
import io.skewer.core.source.Treatment;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class TcpListenerTest {
    private static final int MAX_MESSAGE_BYTES = 65536;
    private static final Duration TEN_SECONDS = Duration.ofSeconds(10);

    private final Measures measures = new Measures();
    private final List<AutoCloseable> toClose = new ArrayList<>();

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable each : toClose) {
            each.close();
        }
    }

    private TcpListener listener(
            TestOutlet outlet, Connections connections, Treatment treatment, ListeningSocket... sockets) {
        return listener(Sockets.context(outlet, measures, MAX_MESSAGE_BYTES), connections, treatment, sockets);
    }

    private TcpListener listener(
            SourceContext context, Connections connections, Treatment treatment, ListeningSocket... sockets) {
        TcpListener tcp = new TcpListener(context);
        toClose.add(tcp);
        tcp.listen(
                List.of(sockets),
                new TcpSource(Sockets.listening(), connections, Sockets.DECODING, Sockets.ROUTING, false, "\n"),
                treatment);
        tcp.start();
        return tcp;
    }

    private TcpListener listener(TestOutlet outlet, ListeningSocket... sockets) {
        return listener(outlet, Sockets.connections(Duration.ZERO, 2000), Sockets.RAW, sockets);
    }

    private Socket connect(ListeningSocket to) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), to.port());
        toClose.add(socket);
        // No interrupt, and so no time limit of a test, ends a read of a socket.
        socket.setSoTimeout((int) TEN_SECONDS.toMillis());
        return socket;
    }

    private static void send(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
    }

    private double errors(String reason) {
        return Sockets.measured(measures, "skewer_protocol_errors_total", Map.of("source", "tcp", "reason", reason));
    }

    @Test
    void aMessageArrivesFromAnAdoptedSocketWithoutDelay() throws Exception {
        TestOutlet outlet = new TestOutlet();
        ListeningSocket at = Sockets.stream("127.0.0.1");
        listener(outlet, at);
        long before = System.currentTimeMillis() * 1_000_000;
        send(connect(at), "<13>hello\n");
        outlet.await(1);
        TestOutlet.Received received = outlet.received().getFirst();
        assertThat(received.message()).isEqualTo("<13>hello");
        assertThat(received.origin()).isEqualTo(new Origin("tcp", "127.0.0.1", at.port(), ""));
        assertThat(received.receivedNs()).isBetween(before, System.currentTimeMillis() * 1_000_000);
    }

    @Test
    void anAddressOfIpVersion6IsWrittenInFull() throws Exception {
        TestOutlet outlet = new TestOutlet();
        ListeningSocket at = Sockets.stream("::1");
        listener(outlet, at);
        try (Socket socket = new Socket(InetAddress.ofLiteral("::1"), at.port())) {
            send(socket, "<13>six\n");
            outlet.await(1);
        }
        assertThat(outlet.received().getFirst().origin().clientAddress()).isEqualTo("::1");
    }

    @Test
    void aUnixSocketIsServedAndItsPathSurvivesTheListener(@TempDir Path directory) throws Exception {
        TestOutlet outlet = new TestOutlet();
        Path path = directory.resolve("in");
        ListeningSocket at = Sockets.unixStream(path);
        TcpListener tcp = listener(outlet, at);
        try (SocketChannel client = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            client.connect(UnixDomainSocketAddress.of(path));
            client.write(ByteBuffer.wrap("<13>local\n".getBytes(StandardCharsets.UTF_8)));
            outlet.await(1);
        }
        assertThat(outlet.received().getFirst().origin()).isEqualTo(new Origin("tcp", "", 0, path.toString()));
        tcp.drain(TEN_SECONDS);
        tcp.close();
        assertThat(path).exists();
    }

    @Test
    void severalPortsAndSectionsAreServedAtATime() throws Exception {
        TestOutlet outlet = new TestOutlet();
        ListeningSocket first = Sockets.stream("127.0.0.1");
        ListeningSocket second = Sockets.stream("127.0.0.1");
        listener(outlet, first, second);
        send(connect(first), "one\n");
        send(connect(second), "two\n");
        outlet.await(2);
        assertThat(outlet.received().stream().map(each -> each.origin().port()))
                .containsExactlyInAnyOrder(first.port(), second.port());
    }

    @Test
    void messagesOfEachConnectionStayInOrderWhateverTheChunks() throws Exception {
        TestOutlet outlet = new TestOutlet();
        ListeningSocket at = Sockets.stream("127.0.0.1");
        listener(outlet, at);
        StringBuilder text = new StringBuilder();
        List<String> sent = new ArrayList<>();
        for (int i = 0; i < 3000; i++) {
            String message = "<13>" + i + " " + "x".repeat(i % 50 == 0 ? 40_000 : i % 97);
            sent.add(message);
            text.append(i % 2 == 0 ? message + "\n" : message.length() + " " + message);
        }
        byte[] bytes = text.toString().getBytes(StandardCharsets.US_ASCII);
        OutputStream out = connect(at).getOutputStream();
        for (int from = 0, step = 1; from < bytes.length; from += step, step = step * 3 % 70_001 + 1) {
            step = Math.min(step, bytes.length - from);
            out.write(bytes, from, step);
        }
        outlet.await(sent.size());
        assertThat(outlet.messages()).isEqualTo(sent);
    }

    @Test
    void theLastLineNeedsNoLineEndWhenTheSenderCloses() throws Exception {
        TestOutlet outlet = new TestOutlet();
        ListeningSocket at = Sockets.stream("127.0.0.1");
        listener(outlet, at);
        Socket socket = connect(at);
        send(socket, "<13>first\n<13>last");
        socket.close();
        outlet.await(2);
        assertThat(outlet.messages()).containsExactly("<13>first", "<13>last");
        Sockets.until("closed", () -> Sockets.measured(measures, "skewer_connections", Map.of()) == 0);
    }

    @Test
    void withoutCreditNothingMoreIsTakenAndNothingIsLost() throws Exception {
        TestOutlet outlet = new TestOutlet();
        outlet.setCredit(1);
        ListeningSocket at = Sockets.stream("127.0.0.1");
        listener(outlet, at);
        int count = 400_000;
        Socket socket = connect(at);
        Thread sender = Thread.ofVirtual().start(() -> {
            try {
                for (int i = 0; i < count; i += 1000) {
                    StringBuilder text = new StringBuilder();
                    IntStream.range(i, i + 1000)
                            .forEach(n -> text.append("<13>").append(n).append(" some text here\n"));
                    send(socket, text.toString());
                }
                socket.close();
            } catch (IOException cause) {
                throw new AssertionError(cause);
            }
        });
        Sockets.until("paused", outlet::hasWaiting);
        sender.join(500);
        assertThat(outlet.batches()).isEqualTo(1);
        int resumptions = 0;
        while (outlet.count() < count && resumptions++ < 10_000) {
            outlet.setCredit(100_000);
            Thread.sleep(1);
        }
        outlet.setCredit(Long.MAX_VALUE);
        outlet.await(count);
        assertThat(resumptions).isGreaterThan(3);
        List<String> expected = IntStream.range(0, count)
                .mapToObj(n -> "<13>" + n + " some text here")
                .toList();
        assertThat(outlet.messages()).isEqualTo(expected);
    }

    @Test
    void aClosedConnectionLosesNothingThatWaitedForCredit() throws Exception {
        TestOutlet outlet = new TestOutlet();
        outlet.setCredit(0);
        ListeningSocket at = Sockets.stream("127.0.0.1");
        listener(outlet, at);
        int connections = 50;
        for (int i = 0; i < connections; i++) {
            Socket socket = connect(at);
            send(socket, "<13>a " + i + "\n<13>b " + i);
            socket.close();
        }
        Sockets.until(
                "accepted", () -> Sockets.measured(measures, "skewer_connections_total", Map.of()) == connections);
        Thread.sleep(200);
        assertThat(outlet.count()).isZero();
        outlet.setCredit(Long.MAX_VALUE);
        outlet.await(2 * connections);
        assertThat(outlet.messages()).doesNotHaveDuplicates();
    }

    @Test
    void aClosedConnectionWhoseBytesWaitForCreditKeepsItsPlaceUntilTheyAreTaken() throws Exception {
        TestOutlet outlet = new TestOutlet();
        outlet.setCredit(0);
        ListeningSocket at = Sockets.stream("127.0.0.1");
        int most = 3;
        listener(outlet, Sockets.connections(Duration.ZERO, most), Sockets.RAW, at);
        for (int i = 0; i < most; i++) {
            Socket socket = connect(at);
            send(socket, "<13>waits " + i);
            socket.close();
        }
        // Connections come on several event loops: a later one may be admitted before these.
        Sockets.until("admitted", () -> Sockets.measured(measures, "skewer_connections", Map.of()) == most);
        for (int i = 0; i < 20; i++) {
            assertThat(isRefused(connect(at))).as("refused, try %d", i).isTrue();
            Thread.sleep(10);
        }
        assertThat(Sockets.measured(measures, "skewer_connections", Map.of())).isEqualTo(most);
        outlet.setCredit(Long.MAX_VALUE);
        outlet.await(most);
        Sockets.until("forgotten", () -> Sockets.measured(measures, "skewer_connections", Map.of()) == 0);
        send(connect(at), "<13>next\n");
        outlet.await(most + 1);
        assertThat(outlet.messages())
                .containsExactlyInAnyOrder("<13>waits 0", "<13>waits 1", "<13>waits 2", "<13>next");
    }

    private static boolean isRefused(Socket socket) throws IOException {
        try {
            return socket.getInputStream().read() < 0;
        } catch (SocketException reset) {
            return true;
        }
    }

    @Test
    void aHostileConnectionHurtsOnlyItself() throws Exception {
        TestOutlet outlet = new TestOutlet();
        ListeningSocket at = Sockets.stream("127.0.0.1");
        listener(outlet, at);
        Socket good = connect(at);
        send(good, "<13>before\n");
        outlet.await(1);
        Socket bad = connect(at);
        send(bad, "999999999 <13>x");
        assertThat(bad.getInputStream().read()).isEqualTo(-1);
        send(good, "<13>after\n");
        outlet.await(2);
        assertThat(outlet.messages()).containsExactly("<13>before", "<13>after");
        assertThat(errors("frame_too_long")).isEqualTo(1);
    }

    @Test
    void aLineThatIsTooLongIsCutAndCounted() throws Exception {
        TestOutlet outlet = new TestOutlet();
        ListeningSocket at = Sockets.stream("127.0.0.1");
        listener(outlet, at);
        send(connect(at), "<13>" + "x".repeat(3 * MAX_MESSAGE_BYTES - 4) + "\n<13>next\n");
        outlet.await(2);
        assertThat(outlet.messages().get(0)).hasSize(MAX_MESSAGE_BYTES);
        assertThat(outlet.messages().get(1)).isEqualTo("<13>next");
        Sockets.until(
                "counted",
                () -> Sockets.measured(measures, "skewer_dropped_bytes_total", Map.of("reason", "oversize"))
                        == 2 * MAX_MESSAGE_BYTES);
        assertThat(Sockets.measured(measures, "skewer_cut_messages_total", Map.of()))
                .isEqualTo(1);
    }

    @Test
    void aSilentConnectionIsClosedAfterTheTimeoutAndItsLastLineKept() throws Exception {
        TestOutlet outlet = new TestOutlet();
        ListeningSocket at = Sockets.stream("127.0.0.1");
        // Sent before anybody accepts: however slow this thread is, the silence begins behind the line.
        Socket socket = connect(at);
        send(socket, "<13>unfinished");
        listener(outlet, Sockets.connections(Duration.ofMillis(200), 10), Sockets.RAW, at);
        assertThat(socket.getInputStream().read()).isEqualTo(-1);
        outlet.await(1);
        assertThat(outlet.messages()).containsExactly("<13>unfinished");
        assertThat(errors("idle_timeout")).isEqualTo(1);
    }

    @Test
    void connectionsAboveTheLimitAreClosedAtOnceAndCounted() throws Exception {
        TestOutlet outlet = new TestOutlet();
        ListeningSocket at = Sockets.stream("127.0.0.1");
        listener(outlet, Sockets.connections(Duration.ZERO, 2), Sockets.RAW, at);
        Socket first = connect(at);
        Socket second = connect(at);
        send(first, "one\n");
        send(second, "two\n");
        outlet.await(2);
        Socket third = connect(at);
        try {
            assertThat(third.getInputStream().read()).isEqualTo(-1);
        } catch (SocketException reset) {
            assertThat(reset).hasMessageContaining("reset");
        }
        assertThat(Sockets.measured(measures, "skewer_refused_connections_total", Map.of()))
                .isEqualTo(1);
        first.close();
        Sockets.until("room again", () -> Sockets.measured(measures, "skewer_connections", Map.of()) == 1);
        send(connect(at), "three\n");
        outlet.await(3);
    }

    @Test
    void aThousandConnectionsAreServed() throws Exception {
        TestOutlet outlet = new TestOutlet();
        ListeningSocket at = Sockets.stream("127.0.0.1");
        listener(outlet, at);
        List<Socket> all = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            all.add(connect(at));
        }
        for (int round = 0; round < 3; round++) {
            for (int i = 0; i < all.size(); i++) {
                send(all.get(i), i + " " + round + " mes");
            }
            for (Socket socket : all) {
                send(socket, "sage\n");
            }
        }
        outlet.await(3000);
        assertThat(outlet.messages()).doesNotHaveDuplicates().allMatch(message -> message.endsWith("message"));
        assertThat(Sockets.measured(measures, "skewer_connections", Map.of())).isEqualTo(1000);
    }

    @Test
    void drainingHandsOverWhatWasReadAndWaitsUntilItIsKept() throws Exception {
        TestOutlet outlet = TestOutlet.keepingNothing();
        ListeningSocket at = Sockets.stream("127.0.0.1");
        TcpListener tcp = listener(outlet, at);
        Socket socket = connect(at);
        send(socket, "<13>one\n");
        outlet.await(1);
        send(socket, "<13>two\n<13>three");
        outlet.await(2);
        assertThat(tcp.drain(Duration.ofMillis(300))).isFalse();
        outlet.await(3);
        assertThat(outlet.messages()).containsExactly("<13>one", "<13>two", "<13>three");
        outlet.keepAll();
        assertThat(tcp.drain(TEN_SECONDS)).isTrue();
        assertThat(socket.getInputStream().read()).isEqualTo(-1);
    }

    @Test
    void aBusyLineSendsFewBatches() throws Exception {
        TestOutlet outlet = TestOutlet.keepingNothing();
        ListeningSocket at = Sockets.stream("127.0.0.1");
        TcpListener tcp = listener(
                Sockets.context(outlet, measures, MAX_MESSAGE_BYTES, Duration.ofHours(1)),
                Sockets.connections(Duration.ZERO, 10),
                Sockets.RAW,
                at);
        Socket socket = connect(at);
        send(socket, "<13>first\n");
        outlet.await(1);
        for (int i = 0; i < 100; i++) {
            send(socket, "<13>" + i + "\n");
        }
        Sockets.until(
                "all received", () -> Sockets.measured(measures, "skewer_received_messages_total", Map.of()) == 101);
        assertThat(outlet.batches()).as("while the first is on its way").isEqualTo(1);
        outlet.keepAll();
        assertThat(tcp.drain(TEN_SECONDS)).isTrue();
        assertThat(outlet.count()).isEqualTo(101);
        assertThat(outlet.batches()).isEqualTo(2);
    }

    @Test
    void aDecoderThatFailsCostsNoMessage() throws Exception {
        TestOutlet outlet = new TestOutlet();
        ListeningSocket at = Sockets.stream("127.0.0.1");
        Treatment faulty = new Treatment(() -> (frame, offset, length, record) -> {
            record.open(Field.HOST).add((byte) 'h');
            if (frame[offset] == '!') {
                throw new IndexOutOfBoundsException("a fault of the decoder");
            }
            record.close(Field.HOST);
            record.put(Field.MESSAGE, frame, offset, length);
        });
        listener(outlet, Sockets.connections(Duration.ZERO, 10), faulty, at);
        send(connect(at), "one\n!two\nthree\n");
        outlet.await(3);
        assertThat(outlet.messages()).containsExactly("one", "!two", "three");
        assertThat(outlet.received().get(1).status()).isEqualTo(ParseStatus.RAW);
        assertThat(errors("decoder_fault")).isEqualTo(1);
    }

    @Test
    void topicAndKeyTravelWithTheMessage() throws Exception {
        TestOutlet outlet = new TestOutlet();
        ListeningSocket at = Sockets.stream("127.0.0.1");
        Treatment named = new Treatment(
                Sockets.RAW.decoder(),
                () -> (record, out) -> out.add("topic-").add(record.array(), record.offset(Field.MESSAGE), 2),
                () -> (record, out) -> out.add("key"));
        listener(outlet, Sockets.connections(Duration.ZERO, 10), named, at);
        send(connect(at), "abc\n");
        outlet.await(1);
        assertThat(outlet.received().getFirst().topic()).isEqualTo("topic-ab");
        assertThat(outlet.received().getFirst().key()).isEqualTo("key");
    }

    @Test
    void whatIsReceivedIsCounted() throws Exception {
        TestOutlet outlet = new TestOutlet();
        ListeningSocket at = Sockets.stream("127.0.0.1");
        listener(outlet, at);
        send(connect(at), "abc\n\ndefg\n");
        outlet.await(2);
        Map<String, String> labels = Map.of("source", "tcp", "listener", at.label());
        // Of a burst the bytes are counted last.
        Sockets.until("counted", () -> Sockets.measured(measures, "skewer_received_bytes_total", labels) == 7);
        assertThat(Sockets.measured(measures, "skewer_received_messages_total", labels))
                .isEqualTo(2);
        assertThat(Sockets.measured(measures, "skewer_parsed_messages_total", Map.of("status", "raw")))
                .isEqualTo(2);
    }

    @Test
    void aDescriptorThatIsNotOpenIsRefused() {
        // Above any limit of descriptors.
        ListeningSocket never = ListeningSocket.ofPort(1 << 30, "127.0.0.1", 1514);
        assertThatThrownBy(() -> listener(new TestOutlet(), never))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("not open");
    }

    @Test
    void aDescriptorThatBlocksIsRefused() {
        // Standard output of a test is a pipe or a terminal, which block.
        assertThatThrownBy(() -> listener(new TestOutlet(), ListeningSocket.ofPort(1, "127.0.0.1", 1514)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("blocks");
    }
}
