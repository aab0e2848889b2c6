package io.skewer.cli.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.skewer.cli.quickstart.FreePorts;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Input that killed or blocked other syslog servers. Whatever comes, a RELP session that was there before goes on, no process dies, and
 * it is counted.
 */
class HostileIT {
    private static final String OPEN = "1 open 0\n";
    private static final int READ_TIMEOUT_MS = 30_000;

    @TempDir
    Path directory;

    private TestDaemon daemon;
    private RelpClient bystander;
    private Map<String, Long> processes;
    private int sent;

    @BeforeEach
    void start() throws Exception {
        daemon = new DaemonSetup(directory)
                .fileDestination("format = \"fulljson\"\nflush_period = \"50ms\"")
                .start();
        processes = pids();
        bystander = new RelpClient(daemon.relpPort);
        bystanderGoesOn();
    }

    @AfterEach
    void nobodyElseIsHurt() throws Exception {
        try {
            bystanderGoesOn();
            bystander.close();
            daemon.await(
                    "all of the bystander",
                    () -> daemon.read().faults(sent, "bystander").stream()
                            .noneMatch(fault -> fault.startsWith("bystander")));
            assertThat(pids()).isEqualTo(processes);
            assertThat(daemon.metric("skewer_process_restarts_total")).isZero();
            assertThat(daemon.metric("skewer_protocol_errors_total", "reason=\"decoder_fault\""))
                    .isZero();
        } finally {
            daemon.close();
        }
    }

    private void bystanderGoesOn() throws IOException {
        for (int i = 0; i < 100; i++) {
            bystander.syslog(TcpSender.message("bystander", sent++));
        }
        assertThat(bystander.awaitAnswers(0)).isEqualTo(sent);
    }

    private Map<String, Long> pids() {
        Map<String, Long> pids = new HashMap<>();
        daemon.children().forEach((title, process) -> pids.put(title, process.pid()));
        return pids;
    }

    @Test
    void anOctetCountThatIsNoneIsTextOfALine() throws Exception {
        List<String> lines = List.of("-5 x", "007 <13>x", "99999999999999999999 <13>x", "+3 <1>", "0 <13>x", "5");
        send(daemon.tcpPort, String.join("\n", lines) + "\n");
        awaitMetric(lines.size(), "skewer_received_messages_total", "source=\"tcp\"");
        for (String line : lines) {
            awaitOutput(line);
        }
        assertThat(daemon.metric("skewer_protocol_errors_total")).isZero();
    }

    @Test
    void anOctetCountBeyondTheLimitEndsItsConnectionOnly() throws Exception {
        try (Socket socket = connect(daemon.tcpPort)) {
            socket.getOutputStream().write(ascii("999999999 <13>1 - - - - - - never"));
            assertThat(readToEnd(socket)).isEmpty();
        }
        awaitMetric(1, "skewer_protocol_errors_total", "source=\"tcp\"", "reason=\"frame_too_long\"");
    }

    @Test
    void aLineWithoutEndIsCutAndCounted() throws Exception {
        String endless = "<13>1 - host long - - - " + "x".repeat(300_000);
        send(daemon.tcpPort, endless + "\n" + TcpSender.message("after", 0) + "\n");
        awaitMetric(1, "skewer_cut_messages_total");
        daemon.await(
                "the next line",
                () -> daemon.read().faults(1, "after").stream().noneMatch(fault -> fault.startsWith("after")));
        awaitMetric(endless.length() - 65_536, "skewer_dropped_bytes_total");
    }

    @Test
    void framesOfRelpThatAreNoneEndTheirConnectionOnly() throws Exception {
        List<String> frames = List.of(
                "2 syslog -5 x\n",
                "2 syslog 999999999 x",
                "2 syslog 99999999999999999999 x",
                "x syslog 1 x\n",
                "-1 syslog 1 x\n",
                "1000000000 syslog 1 x\n",
                "2 syslog 3 abcdef\n",
                "7 syslog 1 x\n",
                "2 " + "c".repeat(100_000) + " 1 x\n",
                "2 nonsense 1 x\n",
                "2 open 0\n",
                "\u0000\u0001\u0002\n");
        for (String frame : frames) {
            try (Socket socket = connect(daemon.relpPort)) {
                socket.getOutputStream().write(ascii(OPEN + frame));
                String answer = readToEnd(socket);
                assertThat(answer)
                        .as("answer to %.30s", frame)
                        .startsWith("1 rsp ")
                        .doesNotContain("2 rsp 6 200");
            }
        }
        awaitMetric(frames.size(), "skewer_protocol_errors_total", "source=\"relp\"");
    }

    @Test
    void aRelpMessageThatIsTooLongIsRefusedInItsTurnAndTheNextOneAccepted() throws Exception {
        String tooLong = "<13>1 - host long - - - " + "x".repeat(70_000);
        try (Socket socket = connect(daemon.relpPort)) {
            OutputStream out = socket.getOutputStream();
            String first = TcpSender.message("around", 0);
            String last = TcpSender.message("around", 1);
            out.write(ascii(OPEN
                    + "2 syslog " + first.length() + " " + first + "\n"
                    + "3 syslog " + tooLong.length() + " " + tooLong + "\n"
                    + "4 syslog " + last.length() + " " + last + "\n"
                    + "5 close 0\n"));
            String answers = readToEnd(socket);
            assertThat(answers.lines()
                            .filter(line -> line.matches("\\d+ rsp .*"))
                            .skip(1)
                            .map(line -> line.replaceAll(" rsp \\d+ ?", " ")))
                    .satisfiesExactly(
                            answer -> assertThat(answer).isEqualTo("2 200 OK"),
                            answer -> assertThat(answer).startsWith("3 500 "),
                            answer -> assertThat(answer).isEqualTo("4 200 OK"),
                            answer -> assertThat(answer).startsWith("5 "));
        }
        awaitMetric(1, "skewer_dropped_messages_total", "source=\"relp\"", "reason=\"oversize\"");
        daemon.await(
                "the others",
                () -> daemon.read().faults(2, "around").stream().noneMatch(fault -> fault.startsWith("around")));
    }

    @Test
    void transactionNumbersBeginAgainAfterTheHighest() throws Exception {
        try (Socket socket = connect(daemon.relpPort)) {
            socket.getOutputStream()
                    .write(ascii("999999998 open 0\n999999999 syslog 5 <13>x\n1 syslog 5 <13>y\n2 close 0\n"));
            assertThat(readToEnd(socket)).contains("999999999 rsp 6 200 OK\n1 rsp 6 200 OK\n2 rsp 0\n");
        }
        assertThat(daemon.metric("skewer_protocol_errors_total")).isZero();
    }

    @Test
    void datagramsThatNobodyCanReadTravelAsTheyAre() throws Exception {
        Random random = new Random(42);
        byte[] noise = new byte[1_000];
        random.nextBytes(noise);
        // An empty key; a piece of a message in pieces; something compressed; almost the longest datagram there is;
        // nesting without end.
        List<byte[]> datagrams = List.of(
                ascii("{\"\":1}"),
                new byte[] {0x1e, 0x0f, 1, 2, 3, 4, 5, 6, 7, 8, 0, (byte) 0xff, 'x'},
                new byte[] {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0},
                ascii("<13>" + "y".repeat(65_000)),
                ascii("{\"a\":".repeat(12_000)),
                ascii("<999999999999>x"),
                ascii("<13>1 - - - - - [" + "x@1 ".repeat(10_000)),
                noise);
        for (int i = 0; i < datagrams.size(); i++) {
            UdpSender.send(daemon.udpPort, datagrams.get(i));
            awaitMetric(i + 1, "skewer_received_messages_total", "source=\"udp\"");
        }
        UdpSender.send(daemon.udpPort, new byte[0]);
        UdpSender.send(daemon.udpPort, "after", 1);
        daemon.await(
                "the next datagram",
                () -> daemon.read().faults(1, "after").stream().noneMatch(fault -> fault.startsWith("after")));
        daemon.await(
                "all to be delivered",
                () -> daemon.metric("skewer_delivered_messages_total")
                        == daemon.metric("skewer_received_messages_total"));
        assertThat(daemon.metric("skewer_parsed_messages_total", "source=\"udp\"", "status=\"raw\""))
                .isPositive();
    }

    @Test
    void connectionsThatSayNothingOrBreakOffHoldNobodyUp() throws Exception {
        Socket[] silent = new Socket[200];
        for (int i = 0; i < silent.length; i++) {
            silent[i] = connect(i % 2 == 0 ? daemon.tcpPort : daemon.relpPort);
            silent[i].getOutputStream().write(ascii(i % 2 == 0 ? "65000 <13>" : "1 open 60000 x"));
        }
        bystanderGoesOn();
        awaitMetric(silent.length + 1, "skewer_connections{");
        for (Socket socket : silent) {
            socket.setSoLinger(true, 0);
            socket.close();
        }
        awaitMetric(1, "skewer_connections{");
    }

    @Test
    void aClientOverIpv6HasItsWholeAddress(@TempDir Path other) throws Exception {
        int port = FreePorts.next();
        Required.that(hasIpv6(), "this system has no IPv6");
        try (TestDaemon ipv6 = new DaemonSetup(other)
                .fileDestination("format = \"fulljson\"")
                .sections("[[tcp_source]]\nports = [" + port + "]\nbind_addr = \"::1\"\n")
                .start()) {
            try (Socket socket = new Socket(InetAddress.ofLiteral("::1"), port)) {
                socket.getOutputStream().write(ascii(TcpSender.message("six", 0) + "\n"));
            }
            ipv6.awaitMessages(1);
            assertThat(Files.readString(other.resolve("out/app.log"))).containsPattern("\"(::1|0:0:0:0:0:0:0:1)\"");
        }
    }

    private static boolean hasIpv6() {
        try (Socket socket = new Socket()) {
            socket.bind(new java.net.InetSocketAddress(InetAddress.ofLiteral("::1"), 0));
            return true;
        } catch (IOException none) {
            return false;
        }
    }

    private static Socket connect(int port) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(READ_TIMEOUT_MS);
        return socket;
    }

    private static void send(int port, String text) throws IOException {
        try (Socket socket = connect(port)) {
            socket.getOutputStream().write(ascii(text));
        }
    }

    /** What the server says until it closes the connection. */
    private static String readToEnd(Socket socket) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        try {
            socket.getInputStream().transferTo(all);
        } catch (SocketException reset) {
            // A connection closed while our bytes still come in ends so.
        }
        return all.toString(StandardCharsets.UTF_8);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private void awaitMetric(double value, String series, String... labels) throws Exception {
        daemon.await(series + " " + value, () -> daemon.metric(series, labels) == value);
    }

    private void awaitOutput(String text) throws Exception {
        daemon.await(text, () -> {
            try (var files = Files.walk(daemon.output())) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    if (Files.readString(file).contains(text)) {
                        return true;
                    }
                }
            }
            return false;
        });
    }
}
