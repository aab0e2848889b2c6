package io.skewer.ipc.spawn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Sockets that the launcher binds. */
@Timeout(60)
@EnabledOnOs(OS.LINUX)
class LaunchedBindTest {
    private static final int LOWEST_PRIVILEGED_PORT = 613;
    private static final int FIRST_ORDINARY_PORT = 1024;
    private static final int LOWEST_PORT = 20_000;
    /** From here on the kernel takes ports for connections. */
    private static final int LOWEST_OF_CONNECTIONS = 32_768;

    private static final String BOUND = "bound \\d+";

    @TempDir
    static Path home;

    @TempDir
    Path directory;

    @Test
    void aBoundStreamListens() throws Exception {
        try (var skewer = LaunchedSupervisor.start(home)) {
            String port = bindFree(skewer, "tcp", "127.0.0.1");
            try (var client = new Socket(InetAddress.getLoopbackAddress(), Integer.parseInt(port))) {
                assertThat(client.isConnected()).isTrue();
            }
        }
    }

    @Test
    void anAddressInUseIsToldInOneSentence() throws Exception {
        try (var skewer = LaunchedSupervisor.start(home);
                var other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String port = Integer.toString(other.getLocalPort());
            assertThat(skewer.tell("tcp", "127.0.0.1", port)).isEqualTo("address 127.0.0.1:" + port + " is in use");
        }
    }

    @Test
    void twoReceiversOfDatagramsNeverShareAPort() throws Exception {
        try (var skewer = LaunchedSupervisor.start(home)) {
            String port = bindFree(skewer, "udp", "127.0.0.1");
            assertThat(skewer.tell("udp", "127.0.0.1", port)).endsWith("is in use");
        }
    }

    @Test
    void anAddressOfAnotherHostIsToldInOneSentence() throws Exception {
        try (var skewer = LaunchedSupervisor.start(home)) {
            assertThat(skewer.tell("tcp", "192.0.2.1", "1514"))
                    .isEqualTo("address 192.0.2.1:1514 is not an address of this host");
        }
    }

    @Test
    void theSamePortIsFreeForBothFamilies() throws Exception {
        assumeThat(Path.of("/proc/net/if_inet6")).exists();
        try (var skewer = LaunchedSupervisor.start(home)) {
            String port = bindFree(skewer, "tcp", "::");
            assertThat(skewer.tell("tcp", "0.0.0.0", port)).matches(BOUND);
        }
    }

    @Test
    void aPrivilegedPortIsBoundForAnUnprivilegedSupervisor() throws Exception {
        assumeThat(System.getProperty("user.name"))
                .as("only root has privileged ports")
                .isEqualTo("root");
        try (var skewer = LaunchedSupervisor.start(home, "--uid", "65534", "--gid", "65534")) {
            String port = bindFree(skewer, "tcp", "127.0.0.1", LOWEST_PRIVILEGED_PORT, FIRST_ORDINARY_PORT);
            try (var client = new Socket(InetAddress.getLoopbackAddress(), Integer.parseInt(port))) {
                assertThat(client.isConnected()).isTrue();
            }
        }
    }

    @Test
    void aUnixSocketHasItsModeAndGoesWithTheLauncher() throws Exception {
        Path path = directory.resolve("in.sock");
        try (var skewer = LaunchedSupervisor.start(home)) {
            assertThat(skewer.tell("unix", path.toString(), "660")).matches(BOUND);
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                    .isEqualTo("rw-rw----");
            try (var client = SocketChannel.open(UnixDomainSocketAddress.of(path))) {
                assertThat(client.isConnected()).isTrue();
            }
            assertThat(skewer.tell("unix", path.toString(), "660")).isEqualTo("address " + path + " is in use");
            skewer.say("exit", "0");
            skewer.awaitExit();
            assertThat(path).doesNotExist();
        }
    }

    @Test
    void aDatagramSocketThatIsInUseStays() throws Exception {
        Path path = directory.resolve("log");
        try (var skewer = LaunchedSupervisor.start(home)) {
            assertThat(skewer.tell("unixgram", path.toString(), "666")).matches(BOUND);
            assertThat(skewer.tell("unixgram", path.toString(), "666")).endsWith("is in use");
            assertThat(skewer.tell("unix", path.toString(), "666")).endsWith("is in use");
        }
    }

    @Test
    void aSocketThatACrashLeftIsReplaced() throws Exception {
        Path path = directory.resolve("stale.sock");
        leaveBehind(path);
        try (var skewer = LaunchedSupervisor.start(home)) {
            assertThat(skewer.tell("unix", path.toString(), "600")).matches(BOUND);
            SocketChannel.open(UnixDomainSocketAddress.of(path)).close();
        }
    }

    @Test
    void nothingButAStaleSocketIsEverReplaced() throws Exception {
        Path file = Files.writeString(directory.resolve("file"), "precious");
        Path stale = directory.resolve("stale.sock");
        leaveBehind(stale);
        Path link = Files.createSymbolicLink(directory.resolve("link"), stale);
        try (var skewer = LaunchedSupervisor.start(home)) {
            assertThat(skewer.tell("unix", file.toString(), "600")).contains("File exists");
            assertThat(file).hasContent("precious");
            assertThat(skewer.tell("unix", link.toString(), "600")).contains("File exists");
            assertThat(link).isSymbolicLink();
            assertThat(stale).exists();
            assertThat(skewer.tell("unix", directory.resolve("absent/x").toString(), "600"))
                    .contains("No such file or directory");
        }
    }

    @Test
    void aSocketThatSomebodyElsePutInOurPlaceStaysAtTheEnd() throws Exception {
        Path path = directory.resolve("taken.sock");
        try (var skewer = LaunchedSupervisor.start(home)) {
            assertThat(skewer.tell("unix", path.toString(), "600")).matches(BOUND);
            Files.delete(path);
            leaveBehind(path);
            skewer.say("exit", "0");
            skewer.awaitExit();
            assertThat(path).exists();
        }
    }

    /** The kernel keeps the name that it was given: no path that could have led somewhere else meanwhile. */
    @Test
    void aUnixSocketIsBoundInTheDirectoryThatWasOpened() throws Exception {
        Path path = directory.resolve("name-" + ProcessHandle.current().pid() + ".sock");
        try (var skewer = LaunchedSupervisor.start(home)) {
            assertThat(skewer.tell("unix", path.toString(), "600")).matches(BOUND);
            assertThat(path).exists();
            assertThat(Files.readAllLines(Path.of("/proc/net/unix")))
                    .anyMatch(line -> line.endsWith(" " + path.getFileName()))
                    .noneMatch(line -> line.endsWith(" " + path));
        }
    }

    /** Whoever started it, and whether it could give root up or not. */
    @Test
    void nothingIsBoundOnceARoleRuns() throws Exception {
        for (boolean named : List.of(false, true)) {
            String[] options = named ? new String[] {"--uid", "65534", "--gid", "65534"} : new String[0];
            assumeThat(!named || System.getProperty("user.name").equals("root")).isTrue();
            Path path = directory.resolve("late.sock");
            try (var skewer = LaunchedSupervisor.start(home, options)) {
                skewer.spawnShell("tcp", "exec sleep 30");
                assertThat(skewer.tell("tcp", "127.0.0.1", "613"))
                        .isEqualTo("address 127.0.0.1:613 cannot be bound any more: processes were started");
                assertThat(skewer.tell("unix", path.toString(), "600")).endsWith("processes were started");
                assertThat(path).doesNotExist();
            }
        }
    }

    private static void leaveBehind(Path path) throws IOException {
        // Closing a channel does not remove its file.
        try (var server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(path));
        }
    }

    /** Binds a port that nobody has. @return which one */
    private static String bindFree(LaunchedSupervisor skewer, String kind, String address) throws Exception {
        return bindFree(skewer, kind, address, LOWEST_PORT, LOWEST_OF_CONNECTIONS);
    }

    private static String bindFree(LaunchedSupervisor skewer, String kind, String address, int lowest, int end)
            throws Exception {
        for (int port = lowest; port < end; port++) {
            String answer = skewer.tell(kind, address, Integer.toString(port));
            if (answer.matches(BOUND)) {
                return Integer.toString(port);
            }
            assertThat(answer).endsWith("is in use");
        }
        throw new AssertionError("no port is free");
    }
}
