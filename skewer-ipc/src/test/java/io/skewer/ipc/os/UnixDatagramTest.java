package io.skewer.ipc.os;

import static io.skewer.ipc.os.NativeSocketTest.direct;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The JDK cannot bind a unix datagram socket, so python3 listens as the system's log daemon would. */
@Timeout(30)
class UnixDatagramTest {
    private static final String LISTENER = """
            import socket, sys
            s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
            s.bind(sys.argv[1])
            print("bound", flush=True)
            while sys.stdin.readline():
                print(s.recv(65536).decode(), flush=True)
            """;

    @TempDir
    Path directory;

    @Test
    void aDatagramReachesWhoeverIsBoundToThePath() throws Exception {
        assumeThat(Path.of("/usr/bin/python3")).isExecutable();
        Path path = directory.resolve("log");
        Process listener = new ProcessBuilder("/usr/bin/python3", "-c", LISTENER, path.toString()).start();
        try (var out = listener.inputReader(StandardCharsets.UTF_8);
                var in = listener.outputWriter(StandardCharsets.UTF_8)) {
            assertThat(out.readLine()).isEqualTo("bound");
            try (var log = UnixDatagram.connect(path)) {
                ByteBuffer message = direct("<13>hello");
                assertThat(log.send(message)).isTrue();
                assertThat(message.hasRemaining()).isFalse();
                in.write("\n");
                in.flush();
                assertThat(out.readLine()).isEqualTo("<13>hello");
            }
        } finally {
            listener.destroyForcibly().waitFor(5, TimeUnit.SECONDS);
        }
    }

    @Test
    void aReceiverThatDoesNotReadIsNeverWaitedFor() throws Exception {
        assumeThat(Path.of("/usr/bin/python3")).isExecutable();
        Path path = directory.resolve("log");
        Process listener = new ProcessBuilder("/usr/bin/python3", "-c", LISTENER, path.toString()).start();
        try (var out = listener.inputReader(StandardCharsets.UTF_8)) {
            assertThat(out.readLine()).isEqualTo("bound");
            try (var log = UnixDatagram.connect(path)) {
                int sent = 0;
                while (sent < 100_000 && log.send(direct("full soon"))) {
                    sent++;
                }
                assertThat(sent).isBetween(1, 99_999);
                ByteBuffer refused = direct("no room");
                assertThat(log.send(refused)).isFalse();
                assertThat(refused.remaining()).isEqualTo(7);
                listener.destroyForcibly().waitFor(5, TimeUnit.SECONDS);
                assertThatThrownBy(() -> log.send(direct("gone"))).isInstanceOf(IOException.class);
            }
        } finally {
            listener.destroyForcibly();
        }
    }

    @Test
    void aPathWhereNobodyListensIsAnError() throws IOException {
        Path file = Files.createFile(directory.resolve("file"));
        assertThatThrownBy(() -> UnixDatagram.connect(file)).hasMessageStartingWith("connect: ");
        assertThatThrownBy(() -> UnixDatagram.connect(directory.resolve("absent")))
                .hasMessageContaining("No such file");
        assertThatThrownBy(() -> UnixDatagram.connect(Path.of("/" + "x".repeat(200))))
                .hasMessageContaining("too long");
    }
}
