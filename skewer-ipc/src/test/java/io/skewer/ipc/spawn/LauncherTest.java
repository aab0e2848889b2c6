package io.skewer.ipc.spawn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skewer.ipc.os.Descriptors;
import io.skewer.ipc.os.NativePacketSocket;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The supervisor's end against a launcher that this test plays. */
@Timeout(30)
class LauncherTest {
    private final LinkedBlockingQueue<LauncherEvent> events = new LinkedBlockingQueue<>();
    private final ByteBuffer request = LauncherProtocol.newPacket();
    private NativePacketSocket far;
    private Launcher launcher;

    @BeforeEach
    void connect() throws IOException {
        NativePacketSocket[] pair = NativePacketSocket.pair();
        launcher = Launcher.over(pair[0], events::add);
        far = pair[1];
    }

    @AfterEach
    void close() {
        launcher.close();
        far.close();
    }

    @Test
    void answersFindTheirCallersInAnyOrder() throws Exception {
        var first = spawning("tcp");
        int firstId = receivedId();
        var second = spawning("udp");
        int secondId = receivedId();
        int[] sockets = Descriptors.socketPair();
        answer(spawned(secondId, 2), sockets[0]);
        answer(spawned(firstId, 1), sockets[1]);
        assertThat(first.get().pid()).isEqualTo(1);
        assertThat(second.get().pid()).isEqualTo(2);
        Descriptors.close(sockets[0]);
        Descriptors.close(sockets[1]);
        Descriptors.close(first.get().controlDescriptor());
        Descriptors.close(second.get().controlDescriptor());
    }

    @Test
    void aRefusalBecomesASentence() throws Exception {
        var spawning = spawning("mail");
        answer("44010000" + little(receivedId()) + "16000000" + "0d00" + hexText("is not a role"));
        assertThatThrownBy(spawning::get)
                .hasCauseInstanceOf(LauncherRefusal.class)
                .cause()
                .hasMessage("role mail is not a role");
    }

    @Test
    void anAnswerThatNobodyWaitsForIsDroppedWithItsDescriptor() throws Exception {
        int[] sockets = Descriptors.socketPair();
        answer(spawned(77, 1), sockets[0]);
        answer("46010000000000000f000000");
        assertThat(events.poll(5, TimeUnit.SECONDS)).isEqualTo(new LauncherEvent.Signalled(15));
        String inode =
                Files.readSymbolicLink(Path.of("/proc/self/fd/" + sockets[0])).toString();
        Descriptors.close(sockets[0]);
        assertThat(openFiles()).doesNotContain(inode);
        Descriptors.close(sockets[1]);
    }

    @Test
    void whenTheLauncherGoesAwayEveryCallerLearnsIt() throws Exception {
        var spawning = spawning("tcp");
        receivedId();
        far.close();
        assertThatThrownBy(spawning::get).cause().hasMessageStartingWith("the launcher is gone");
        assertThat(events.poll(5, TimeUnit.SECONDS)).isInstanceOf(LauncherEvent.Lost.class);
        assertThatThrownBy(() -> launcher.kill(1, 9)).hasMessageStartingWith("the launcher is gone");
    }

    @Test
    void aPacketOfAnotherProtocolEndsTheConnection() throws Exception {
        answer("0000000000000000");
        assertThat(events.poll(5, TimeUnit.SECONDS)).isEqualTo(new LauncherEvent.Lost("the launcher sent version 0"));
    }

    @Test
    void anAnswerWithoutItsDescriptorEndsTheConnection() throws Exception {
        var spawning = spawning("tcp");
        answer(spawned(receivedId(), 1));
        assertThatThrownBy(spawning::get).cause().hasMessageContaining("no descriptor came in");
    }

    private static List<String> openFiles() throws IOException {
        try (var links = Files.list(Path.of("/proc/self/fd"))) {
            return links.map(LauncherTest::target).toList();
        }
    }

    private static String target(Path link) {
        try {
            return Files.readSymbolicLink(link).toString();
        } catch (IOException goneMeanwhile) {
            return "";
        }
    }

    private CompletableFuture<Child> spawning(String role) {
        var result = new CompletableFuture<Child>();
        Thread.ofPlatform().daemon().start(() -> {
            try {
                result.complete(launcher.spawn(role, List.of(), false));
            } catch (IOException cause) {
                result.completeExceptionally(cause);
            }
        });
        return result;
    }

    private int receivedId() throws IOException {
        far.receive(request.clear());
        return request.getInt(4);
    }

    private void answer(String hex, int... descriptors) throws IOException {
        byte[] bytes = HexFormat.of().parseHex(hex);
        far.send(ByteBuffer.allocateDirect(bytes.length).put(bytes).flip(), descriptors);
    }

    private static String spawned(int id, int pid) {
        return "41010000" + little(id) + little(pid);
    }

    private static String little(int number) {
        return HexFormat.of().toHexDigits(Integer.reverseBytes(number));
    }

    private static String hexText(String text) {
        return HexFormat.of().formatHex(text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }
}
