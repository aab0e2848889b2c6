package io.skewer.cli.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.skewer.cli.quickstart.FreePorts;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** R35 to R37: what the system around the daemon may do: set the clock, start a second daemon, give no more descriptors. */
class SystemFaults {
    private static final int SPARE_DESCRIPTORS = 10;
    private static final int TOO_MANY = 60;

    @TempDir
    Path directory;

    @Test
    void r35AClockThatJumpsChangesNothing() throws Exception {
        FaultyLibrary library = FaultyLibrary.install(directory);
        try (TestDaemon daemon = new DaemonSetup(directory)
                        .on(library)
                        .fileDestination("flush_period = \"100ms\"")
                        .sections("[store]\nsegment_size = \"1MiB\"\n")
                        .start();
                RelpTraffic traffic = RelpTraffic.start(daemon.relpPort, "sender", 3_000)) {
            traffic.await(daemon, 3_000);
            for (Duration ahead :
                    List.of(Duration.ofHours(-1), Duration.ofDays(1), Duration.ofDays(-3650), Duration.ZERO)) {
                library.setClockAhead(ahead);
                traffic.await(daemon, 5_000);
                daemon.await("all of before to be delivered", () -> daemon.metric("skewer_queue_messages") < 3_000);
                daemon.killAndAwaitSuccessor("skewer-store");
                traffic.await(daemon, 1_000);
            }
            assertThat(daemon.log()).contains("time=" + year(Duration.ofDays(-3650)) + "-");
            traffic.finish(daemon);
            assertThat(daemon.metric("skewer_process_restarts_total")).isEqualTo(4);
            daemon.stop();
            assertThat(Files.exists(daemon.store().resolve("quarantine"))).isFalse();
        }
    }

    private static int year(Duration ahead) {
        return LocalDateTime.now(ZoneOffset.UTC).plus(ahead).getYear();
    }

    @Test
    void r36ASecondDaemonOnTheStoreIsRefusedAndTheFirstGoesOn(@TempDir Path other) throws Exception {
        try (TestDaemon daemon = TestDaemon.toFiles(directory);
                RelpTraffic traffic = RelpTraffic.start(daemon.relpPort, "sender", 1_000)) {
            traffic.await(daemon, 500);
            Path home = Files.createDirectories(other.resolve("daemon"));
            Files.writeString(
                    home.resolve("skewer.toml"),
                    new DaemonSetup(other)
                            .toml(FreePorts.next(), FreePorts.next(), FreePorts.next(), FreePorts.next()));
            Files.createDirectories(other.resolve("out"));
            Execution second = Execution.ofSkewer(
                    "serve",
                    "--config",
                    home.toString(),
                    "--store",
                    daemon.store().toString());
            assertThat(second.status()).isNotZero();
            assertThat(second.err()).contains("in use by another process");
            traffic.finish(daemon);
            assertThat(daemon.metric("skewer_process_restarts_total")).isZero();
        }
    }

    @Test
    void r37WithoutDescriptorsOldConnectionsGoOnAndNewOnesWait() throws Exception {
        String prlimit = Required.program("prlimit", "util-linux");
        try (TestDaemon daemon = TestDaemon.toFiles(directory);
                RelpClient old = new RelpClient(daemon.relpPort)) {
            old.syslog(TcpSender.message("old", 0));
            assertThat(old.awaitAnswers(0)).isEqualTo(1);
            ProcessHandle listener = daemon.children().get("skewer-relp");
            long limit = highestDescriptor(listener) + 1 + SPARE_DESCRIPTORS;
            assertThat(Execution.of(prlimit, "--pid", "" + listener.pid(), "--nofile=" + limit + ":")
                            .status())
                    .isZero();
            List<Socket> sockets = new ArrayList<>();
            for (int i = 0; i < TOO_MANY; i++) {
                Socket socket = new Socket(InetAddress.getLoopbackAddress(), daemon.relpPort);
                say(socket, "1 open 0\n2 syslog 5 <13>x\n");
                sockets.add(socket);
            }
            daemon.await(
                    "no descriptor to be left",
                    () -> TestDaemon.entries(Path.of("/proc/" + listener.pid() + "/fd")) == limit);
            for (int number = 1; number <= 1_000; number++) {
                old.syslog(TcpSender.message("old", number));
                assertThat(old.awaitAnswers(0)).isEqualTo(number + 1);
            }
            assertThat(daemon.metric("skewer_connections{", "relp"))
                    .as("the others wait to be accepted")
                    .isLessThan(TOO_MANY);
            // Each that leaves makes room for one that waits.
            for (Socket socket : sockets) {
                say(socket, "3 close 0\n");
                socket.setSoTimeout(60_000);
                assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
                        .contains("\n2 rsp 6 200 OK\n");
                socket.close();
            }
            assertThat(daemon.metric("skewer_process_restarts_total")).isZero();
            assertThat(daemon.children().get("skewer-relp").pid()).isEqualTo(listener.pid());
        }
    }

    private static void say(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static long highestDescriptor(ProcessHandle process) throws IOException {
        try (Stream<Path> numbers = Files.list(Path.of("/proc/" + process.pid() + "/fd"))) {
            return numbers.mapToLong(link -> Long.parseLong(link.getFileName().toString()))
                    .max()
                    .orElseThrow();
        }
    }
}
