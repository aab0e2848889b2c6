package io.skewer.cli.loadgen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntPredicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Loads against receivers that are made of nothing but the JDK. */
class LoadgenTest {
    private static final MessageForm FORM = new MessageForm(MessageForm.Format.RFC5424, 200, Instant.EPOCH);

    private final ExecutorService receiving = Executors.newCachedThreadPool();

    @AfterEach
    void endReceivers() {
        receiving.shutdownNow();
    }

    private static Load load(Load.Transport transport, SocketAddress target, long messages, int connections) {
        return new Load(transport, target, FORM, messages, connections, 0, 16);
    }

    private static List<String> expected(int connection, int count) {
        Stencil stencil = FORM.stencil("load-" + connection);
        List<String> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            all.add(new String(stencil.bytes(), StandardCharsets.US_ASCII));
            stencil.next();
        }
        return all;
    }

    /** Takes connections and reads all their bytes; the answer is sorted by the senders' names. */
    private Future<List<String>> readAll(ServerSocket server, int connections) {
        return receiving.submit(() -> {
            List<Callable<String>> reads = new ArrayList<>();
            for (int i = 0; i < connections; i++) {
                Socket socket = server.accept();
                reads.add(() -> {
                    try (socket) {
                        return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
                    }
                });
            }
            List<String> streams = new ArrayList<>();
            for (Future<String> read : receiving.invokeAll(reads)) {
                streams.add(read.get());
            }
            streams.sort(null);
            return streams;
        });
    }

    private static ServerSocket server() throws IOException {
        return new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    }

    @Test
    void everyConnectionSendsItsShareInOrder() throws Exception {
        try (ServerSocket server = server()) {
            Future<List<String>> streams = readAll(server, 3);
            Outcome outcome = Loadgen.run(load(Load.Transport.TCP_LF, server.getLocalSocketAddress(), 10_001, 3));
            assertThat(outcome.sent()).isEqualTo(10_001);
            int[] counts = {3334, 3334, 3333};
            for (int i = 0; i < 3; i++) {
                assertThat(streams.get().get(i).lines()).containsExactlyElementsOf(expected(i, counts[i]));
            }
        }
    }

    @Test
    void countedMessagesHaveTheirLengthBefore() throws Exception {
        try (ServerSocket server = server()) {
            Future<List<String>> streams = readAll(server, 1);
            Loadgen.run(load(Load.Transport.TCP_OCTET, server.getLocalSocketAddress(), 3, 1));
            List<String> messages = expected(0, 3);
            assertThat(streams.get())
                    .containsExactly("200 " + messages.get(0) + "200 " + messages.get(1) + "200 " + messages.get(2));
        }
    }

    @Test
    void aUnixSocketIsAStreamToo(@TempDir Path directory) throws Exception {
        UnixDomainSocketAddress path = UnixDomainSocketAddress.of(directory.resolve("s"));
        try (ServerSocketChannel server =
                ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(path)) {
            Future<String> stream = receiving.submit(() -> {
                try (SocketChannel channel = server.accept()) {
                    return new String(Channels.newInputStream(channel).readAllBytes(), StandardCharsets.US_ASCII);
                }
            });
            Loadgen.run(load(Load.Transport.TCP_LF, path, 1000, 1));
            assertThat(stream.get().lines()).containsExactlyElementsOf(expected(0, 1000));
        }
    }

    @Test
    void datagramsGoAtTheRate() throws Exception {
        try (DatagramSocket socket = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
            socket.setSoTimeout(10_000);
            Future<List<String>> datagrams = receiving.submit(() -> {
                List<String> all = new ArrayList<>();
                DatagramPacket packet = new DatagramPacket(new byte[500], 500);
                while (all.size() < 200) {
                    socket.receive(packet);
                    all.add(new String(packet.getData(), 0, packet.getLength(), StandardCharsets.US_ASCII));
                }
                return all;
            });
            Outcome outcome =
                    Loadgen.run(new Load(Load.Transport.UDP, socket.getLocalSocketAddress(), FORM, 200, 1, 1000, 16));
            assertThat(datagrams.get()).containsExactlyElementsOf(expected(0, 200));
            assertThat(outcome.took().toMillis()).isGreaterThanOrEqualTo(199);
        }
    }

    /** A RELP server for one session: how many were open at most, with the messages. */
    private record Session(int mostOpen, List<String> messages) {}

    private Future<Session> relp(ServerSocket server, IntPredicate accepted) {
        return receiving.submit(() -> {
            try (Socket socket = server.accept();
                    InputStream in = new BufferedInputStream(socket.getInputStream())) {
                List<String> messages = new ArrayList<>();
                List<String> owed = new ArrayList<>();
                int mostOpen = 0;
                while (true) {
                    String txnr = word(in);
                    String command = word(in);
                    String data = new String(in.readNBytes(Integer.parseInt(word(in))), StandardCharsets.US_ASCII);
                    if (command.equals("close")) {
                        return new Session(mostOpen, messages);
                    }
                    assertThat(in.read()).isEqualTo('\n');
                    boolean ok = true;
                    if (command.equals("syslog")) {
                        ok = accepted.test(messages.size());
                        messages.add(data);
                    }
                    owed.add(txnr + (ok ? " rsp 6 200 OK\n" : " rsp 7 500 not\n"));
                    mostOpen = Math.max(mostOpen, owed.size());
                    // Answers only when nothing more comes, to see how much the other side lets stand open.
                    if (in.available() == 0) {
                        Thread.sleep(2);
                        if (in.available() == 0) {
                            socket.getOutputStream().write(String.join("", owed).getBytes(StandardCharsets.US_ASCII));
                            owed.clear();
                        }
                    }
                }
            }
        });
    }

    private static String word(InputStream in) throws IOException {
        StringBuilder word = new StringBuilder();
        for (int c = in.read(); c != ' ' && c != '\n'; c = in.read()) {
            word.append((char) c);
        }
        return word.toString();
    }

    @Test
    void relpFillsItsWindowAndNoMore() throws Exception {
        try (ServerSocket server = server()) {
            Future<Session> session = relp(server, number -> true);
            Outcome outcome = Loadgen.run(load(Load.Transport.RELP, server.getLocalSocketAddress(), 1000, 1));
            assertThat(session.get().messages()).containsExactlyElementsOf(expected(0, 1000));
            assertThat(session.get().mostOpen()).isEqualTo(16);
            assertThat(outcome.refused()).isZero();
            assertThat(outcome.answers().count()).isEqualTo(1000);
            assertThat(outcome.answers().within(0.5)).isPositive();
        }
    }

    @Test
    void refusedMessagesAreCounted() throws Exception {
        try (ServerSocket server = server()) {
            Future<Session> session = relp(server, number -> number % 10 != 3);
            Outcome outcome = Loadgen.run(load(Load.Transport.RELP, server.getLocalSocketAddress(), 100, 1));
            assertThat(session.get().messages()).hasSize(100);
            assertThat(outcome.refused()).isEqualTo(10);
        }
    }

    @Test
    void aReceiverThatIsNotThereIsNamed(@TempDir Path directory) throws Exception {
        InetSocketAddress closed;
        try (ServerSocket server = server()) {
            closed = new InetSocketAddress(server.getInetAddress(), server.getLocalPort());
        }
        assertThatThrownBy(() -> Loadgen.run(load(Load.Transport.RELP, closed, 1, 1)))
                .isInstanceOf(ConnectException.class)
                .hasMessageEndingWith(":" + closed.getPort() + ": Connection refused");
        Path absent = directory.resolve("absent");
        assertThatThrownBy(() -> Loadgen.run(load(Load.Transport.TCP_LF, UnixDomainSocketAddress.of(absent), 1, 1)))
                .hasMessage(absent + ": No such file or directory");
    }

    @Test
    void aReceiverThatGoesAwayEndsTheLoad() throws Exception {
        try (ServerSocket server = server()) {
            Future<Void> goneAway = receiving.submit(() -> {
                server.accept().close();
                return null;
            });
            assertThatThrownBy(() -> Loadgen.run(load(Load.Transport.RELP, server.getLocalSocketAddress(), 1000, 1)))
                    .isInstanceOf(IOException.class);
            goneAway.get();
        }
    }
}
