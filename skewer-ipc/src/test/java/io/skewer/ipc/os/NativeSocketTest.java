package io.skewer.ipc.os;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class NativeSocketTest {
    private static final int MEBIBYTE = 1 << 20;

    private NativeSocket left;
    private NativeSocket right;

    @BeforeEach
    void connect() throws IOException {
        NativeSocket[] pair = NativeSocket.pair();
        left = pair[0];
        right = pair[1];
    }

    @AfterEach
    void close() {
        left.close();
        right.close();
    }

    @Test
    void bytesArriveAsTheyWereWritten() throws IOException {
        left.write(direct("hello"));
        assertThat(readSome(right)).isEqualTo("hello");
    }

    @Test
    void onlyThePartBetweenPositionAndLimitIsWritten() throws IOException {
        ByteBuffer buffer = direct("0123456789").position(3).limit(6);
        left.write(buffer);
        assertThat(buffer.hasRemaining()).isFalse();
        assertThat(readSome(right)).isEqualTo("345");
    }

    @Test
    void bytesAreReadBehindThePosition() throws IOException {
        left.write(direct("xyz"));
        ByteBuffer buffer = ByteBuffer.allocateDirect(4).put((byte) 'w');
        assertThat(right.read(buffer)).isEqualTo(3);
        assertThat(text(buffer.flip())).isEqualTo("wxyz");
    }

    @Test
    void theEndOfTheOtherSideIsTheEndOfTheStreamAfterItsLastBytes() throws IOException {
        left.write(direct("last"));
        left.close();
        assertThat(readSome(right)).isEqualTo("last");
        assertThat(right.read(ByteBuffer.allocateDirect(1))).isEqualTo(-1);
    }

    @Test
    void writingToAClosedSideIsAnErrorAndNoSignal() {
        right.close();
        assertThatThrownBy(() -> left.write(direct("x")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("sendmsg");
    }

    @Test
    void aMebibyteGoesBothWaysAtOnce() throws Exception {
        byte[] there = random(1);
        byte[] back = random(2);
        var writingThere = inBackground(() -> write(left, there));
        var writingBack = inBackground(() -> write(right, back));
        var readingThere = inBackground(() -> readAll(right, MEBIBYTE));
        byte[] gotBack = readAll(left, MEBIBYTE);
        assertThat(gotBack).isEqualTo(back);
        assertThat(readingThere.get()).isEqualTo(there);
        writingThere.get();
        writingBack.get();
    }

    @Test
    void descriptorsTravelAndStayOpenAtTheSender() throws IOException {
        NativeSocket[] other = NativeSocket.pair();
        int[] passed = Descriptors.socketPair();
        left.write(direct("d"), passed);
        readSome(right);
        NativeSocket received = NativeSocket.ofDescriptor(right.takeDescriptor());
        int second = right.takeDescriptor();
        received.write(direct("through"));
        assertThat(readSome(NativeSocket.ofDescriptor(passed[1]))).isEqualTo("through");
        assertThat(isOpen(passed[0])).isTrue();
        Descriptors.close(second);
        Descriptors.close(passed[0]);
        received.close();
        other[0].close();
        other[1].close();
    }

    @Test
    void receivedDescriptorsAreClosedWhenAProgramIsExecuted() throws IOException {
        int[] passed = Descriptors.socketPair();
        left.write(direct("d"), passed[0]);
        readSome(right);
        int received = right.takeDescriptor();
        // proc(5): fdinfo shows the flags in octal; 02000000 is O_CLOEXEC.
        assertThat(Files.readString(Path.of("/proc/self/fdinfo/" + received))).containsPattern("flags:\\s+0?2\\d{6}");
        Descriptors.close(received);
        Descriptors.close(passed[0]);
        Descriptors.close(passed[1]);
    }

    @Test
    void descriptorsOfALargeWriteGoOnlyOnce() throws Exception {
        int[] passed = Descriptors.socketPair();
        byte[] bytes = random(3);
        var writing = inBackground(() -> {
            left.write(ByteBuffer.allocateDirect(bytes.length).put(bytes).flip(), passed[0]);
            return true;
        });
        assertThat(readAll(right, MEBIBYTE)).isEqualTo(bytes);
        writing.get();
        Descriptors.close(right.takeDescriptor());
        assertThatThrownBy(right::takeDescriptor).hasMessage("no descriptor came in");
        Descriptors.close(passed[0]);
        Descriptors.close(passed[1]);
    }

    @Test
    void descriptorsThatNobodyTookAreClosedWithTheSocket() throws IOException {
        int[] passed = Descriptors.socketPair();
        left.write(direct("d"), passed[0]);
        readSome(right);
        Descriptors.close(passed[0]);
        NativeSocket far = NativeSocket.ofDescriptor(passed[1]);
        right.close();
        assertThat(far.read(ByteBuffer.allocateDirect(1))).isEqualTo(-1);
        far.close();
    }

    @Test
    void sixteenDescriptorsGoAtOnceAndSeventeenAreRefused() throws IOException {
        int[] passed = Descriptors.socketPair();
        int[] sixteen = new int[16];
        java.util.Arrays.fill(sixteen, passed[0]);
        left.write(direct("d"), sixteen);
        readSome(right);
        for (int i = 0; i < 16; i++) {
            Descriptors.close(right.takeDescriptor());
        }
        int[] seventeen = new int[17];
        java.util.Arrays.fill(seventeen, passed[0]);
        assertThatThrownBy(() -> left.write(direct("d"), seventeen)).hasMessageContaining("too many descriptors");
        Descriptors.close(passed[0]);
        Descriptors.close(passed[1]);
    }

    @Test
    void aSenderThatNeverStopsSendingDescriptorsIsRefused() throws IOException {
        int[] passed = Descriptors.socketPair();
        int openBefore = openDescriptors();
        assertThatThrownBy(() -> {
                    for (int i = 0; i < 100; i++) {
                        left.write(direct("d"), passed[0]);
                        readSome(right);
                    }
                })
                .hasMessageContaining("descriptors came in that nobody asked for");
        assertThat(openDescriptors()).isEqualTo(openBefore);
        Descriptors.close(passed[0]);
        Descriptors.close(passed[1]);
    }

    @Test
    void aSocketOnWhichNoneIsDueClosesTheFirstDescriptorThatComes() throws IOException {
        int[] numbers = Descriptors.socketPair();
        int[] passed = Descriptors.socketPair();
        NativeSocket sender = NativeSocket.ofDescriptor(numbers[0]);
        NativeSocket receiver = NativeSocket.ofDescriptor(numbers[1]);
        int openBefore = openDescriptors();
        sender.write(direct("d"), passed[0]);
        assertThatThrownBy(() -> readSome(receiver)).hasMessage("1 descriptors came in that nobody asked for");
        assertThat(openDescriptors()).isEqualTo(openBefore);
        sender.close();
        receiver.close();
        Descriptors.close(passed[0]);
        Descriptors.close(passed[1]);
    }

    @Test
    void closingWakesTheReader() throws Exception {
        assertClosingWakes(() -> left.read(ByteBuffer.allocateDirect(1)));
    }

    @Test
    void closingWakesTheWriter() throws Exception {
        assertClosingWakes(() -> write(left, new byte[4 * MEBIBYTE]));
    }

    private void assertClosingWakes(Callable<?> call) throws Exception {
        var caller = new CompletableFuture<Thread>();
        var calling = inBackground(() -> {
            caller.complete(Thread.currentThread());
            return call.call();
        });
        while (!isInSystemCall(caller.get(20, TimeUnit.SECONDS))) {
            assertThat(calling).isNotDone();
            Thread.onSpinWait();
        }
        left.close();
        assertThatThrownBy(() -> calling.get(20, TimeUnit.SECONDS))
                .hasCauseInstanceOf(AsynchronousCloseException.class);
    }

    private static boolean isInSystemCall(Thread thread) {
        StackTraceElement[] frames = thread.getStackTrace();
        return frames.length > 0 && frames[0].getClassName().equals(SystemCalls.class.getName());
    }

    @Test
    void aClosedSocketNeverTouchesTheNextOwnerOfItsNumber() throws Exception {
        for (int round = 0; round < 300; round++) {
            NativeSocket[] pair = NativeSocket.pair();
            var reading = inBackground(() -> pair[0].read(ByteBuffer.allocateDirect(1)));
            pair[0].close();
            NativeSocket[] next = NativeSocket.pair();
            next[1].write(direct("!"));
            assertThat(readSome(next[0])).isEqualTo("!");
            assertThatThrownBy(reading::get).hasCauseInstanceOf(ClosedChannelException.class);
            pair[1].close();
            next[0].close();
            next[1].close();
        }
    }

    @Test
    void closingTwiceClosesOnce() throws IOException {
        int openBefore = openDescriptors();
        NativeSocket[] pair = NativeSocket.pair();
        pair[0].close();
        int[] reused = Descriptors.socketPair();
        pair[0].close();
        assertThat(isOpen(reused[0])).isTrue();
        assertThat(isOpen(reused[1])).isTrue();
        pair[1].close();
        Descriptors.close(reused[0]);
        Descriptors.close(reused[1]);
        assertThat(openDescriptors()).isEqualTo(openBefore);
        assertThatThrownBy(() -> pair[0].write(direct("x"))).isInstanceOf(ClosedChannelException.class);
    }

    @Test
    void buffersOnTheHeapAreRefused() {
        assertThatThrownBy(() -> left.write(ByteBuffer.allocate(1))).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> left.read(ByteBuffer.allocate(1))).isInstanceOf(IllegalArgumentException.class);
    }

    private static boolean isOpen(int number) {
        return Files.exists(Path.of("/proc/self/fd/" + number));
    }

    private static int openDescriptors() throws IOException {
        try (var sockets = Files.list(Path.of("/proc/self/fd"))) {
            return (int) sockets.filter(NativeSocketTest::isSocket).count();
        }
    }

    private static boolean isSocket(Path link) {
        try {
            return Files.readSymbolicLink(link).toString().startsWith("socket:");
        } catch (IOException goneMeanwhile) {
            return false;
        }
    }

    static <T> CompletableFuture<T> inBackground(Callable<T> work) {
        var result = new CompletableFuture<T>();
        var task = new FutureTask<>(work);
        Thread.ofPlatform().daemon().start(() -> {
            task.run();
            if (task.state() == java.util.concurrent.Future.State.SUCCESS) {
                result.complete(task.resultNow());
            } else {
                result.completeExceptionally(task.exceptionNow());
            }
        });
        return result.orTimeout(Duration.ofSeconds(25).toSeconds(), TimeUnit.SECONDS);
    }

    private static boolean write(NativeSocket socket, byte[] bytes) throws IOException {
        socket.write(ByteBuffer.allocateDirect(bytes.length).put(bytes).flip());
        return true;
    }

    private static byte[] readAll(NativeSocket socket, int length) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocateDirect(length);
        while (buffer.hasRemaining() && socket.read(buffer) >= 0) {
            assertThat(buffer.position()).isPositive();
        }
        byte[] bytes = new byte[buffer.flip().remaining()];
        buffer.get(bytes);
        return bytes;
    }

    static ByteBuffer direct(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
    }

    static String text(ByteBuffer buffer) {
        return StandardCharsets.UTF_8.decode(buffer).toString();
    }

    private static String readSome(NativeSocket socket) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocateDirect(64);
        assertThat(socket.read(buffer)).isPositive();
        return text(buffer.flip());
    }

    private static byte[] random(long seed) {
        byte[] bytes = new byte[MEBIBYTE];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }
}
