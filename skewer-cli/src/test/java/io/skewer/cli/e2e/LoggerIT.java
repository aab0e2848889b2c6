package io.skewer.cli.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code logger(1)} sends in all ways that it knows. The tag of a message names the file that it ends up in. */
class LoggerIT {
    @TempDir
    static Path directory;

    private static TestDaemon daemon;
    private static Path stream;
    private static Path datagram;

    @BeforeAll
    static void start() throws Exception {
        stream = directory.resolve("stream.sock");
        datagram = directory.resolve("datagram.sock");
        daemon = new DaemonSetup(directory)
                .sections("[[tcp_source]]\nunix_socket_path = \"" + stream + "\"\n")
                .sections("[[udp_source]]\nunix_socket_path = \"" + datagram + "\"\n")
                .start();
    }

    @AfterAll
    static void end() throws Exception {
        daemon.close();
    }

    @Test
    void overTcpInTheFormatOfRfc5424() throws Exception {
        assertArrives("tcp5424", "--server", "127.0.0.1", "--port", port(daemon.tcpPort), "--tcp", "--rfc5424");
    }

    @Test
    void overTcpCountedInTheFormatOfRfc5424() throws Exception {
        assertArrives(
                "tcpcounted",
                "--server",
                "127.0.0.1",
                "--port",
                port(daemon.tcpPort),
                "--tcp",
                "--rfc5424",
                "--octet-count");
    }

    @Test
    void overTcpInTheFormatOfRfc3164() throws Exception {
        assertArrives("tcp3164", "--server", "127.0.0.1", "--port", port(daemon.tcpPort), "--tcp", "--rfc3164");
    }

    @Test
    void overUdpInTheFormatOfRfc5424() throws Exception {
        assertArrives("udp5424", "--server", "127.0.0.1", "--port", port(daemon.udpPort), "--udp", "--rfc5424");
    }

    @Test
    void overUdpInTheFormatOfRfc3164() throws Exception {
        assertArrives("udp3164", "--server", "127.0.0.1", "--port", port(daemon.udpPort), "--udp", "--rfc3164");
    }

    @Test
    void overAUnixDatagramSocketAsToDevLog() throws Exception {
        assertArrives("unixdatagram", "--socket", datagram.toString(), "--udp", "--socket-errors=on");
    }

    @Test
    void overAUnixStreamSocket() throws Exception {
        assertArrives("unixstream", "--socket", stream.toString(), "--tcp", "--socket-errors=on");
    }

    private static String port(int number) {
        return Integer.toString(number);
    }

    private static void assertArrives(String tag, String... options) throws Exception {
        String logger = Required.program("logger", "bsdutils");
        String text = "a word from " + tag + " \u00fcber skewer";
        String[] command = new String[options.length + 6];
        command[0] = logger;
        System.arraycopy(options, 0, command, 1, options.length);
        System.arraycopy(
                new String[] {"--tag", tag, "--priority", "local3.warning", text}, 0, command, options.length + 1, 5);
        Execution sent = Execution.of(command);
        assertThat(sent.status()).as(sent.err()).isZero();
        assertThat(sent.err()).isEmpty();
        Path file = daemon.output().resolve(tag + ".log");
        daemon.await("the message of " + tag, () -> Files.exists(file) && Files.size(file) > 0);
        List<String> lines = Files.readAllLines(file);
        assertThat(lines).hasSize(1).first().asString().endsWith(" " + tag + " " + text);
    }
}
