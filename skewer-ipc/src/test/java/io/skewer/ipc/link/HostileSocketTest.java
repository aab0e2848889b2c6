package io.skewer.ipc.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skewer.ipc.os.DescriptorFlood;
import io.skewer.ipc.os.Descriptors;
import io.skewer.ipc.os.NativeSocket;
import io.skewer.ipc.seal.SessionSecret;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A hostile peer at the other end of the real socket of a link, as a process that has fallen would be. What it can do to the bytes of a stream is
 * taken apart more finely in {@link HostilePeerTest}, S68 in {@link LinkTest}.
 */
@Timeout(60)
@EnabledOnOs(OS.LINUX)
class HostileSocketTest {
    private static final byte[] GOOD = bytes(Ends.secret(), Side.PARENT, 1, 2);
    private static final byte[] FIRST = Arrays.copyOf(GOOD, GOOD.length / 2);
    private static final byte[] SECOND = Arrays.copyOfRange(GOOD, GOOD.length / 2, GOOD.length);

    private final Frame frame = new Frame();
    private int peerNumber;
    private NativeSocket peer;
    private Link link;

    @BeforeEach
    void connect() throws IOException {
        int[] numbers = Descriptors.socketPair();
        peerNumber = numbers[0];
        peer = NativeSocket.ofDescriptor(numbers[0]);
        link = new Link(NativeSocket.ofDescriptor(numbers[1]), Ends.secret(), Side.CHILD, true);
    }

    @AfterEach
    void close() {
        peer.close();
        link.close();
    }

    /** What a hostile peer sends after one good frame, and what the link says to that. */
    record Deed(String name, byte[] stream, String message) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static Stream<Deed> deeds() {
        byte[] afterNext =
                Arrays.copyOfRange(bytes(Ends.secret(), Side.PARENT, 1, 2, 3), 2 * FIRST.length, 3 * FIRST.length);
        byte[] ofAnotherLink =
                Arrays.copyOfRange(bytes(otherSecret(), Side.PARENT, 1, 2), FIRST.length, 2 * FIRST.length);
        return Stream.of(
                new Deed("S59 replay", FIRST, "does not open"),
                new Deed("S60 reorder", afterNext, "does not open"),
                new Deed("S61 flip in length", flipped(0), ""),
                new Deed("S61 flip in type", flipped(4), ""),
                new Deed("S61 flip in body", flipped(FrameForm.HEAD_BYTES), "does not open"),
                new Deed("S61 flip in tag", flipped(SECOND.length - 1), "does not open"),
                new Deed("S62 truncate", Arrays.copyOf(SECOND, SECOND.length - 1), "ended inside frame 1"),
                new Deed("S62 truncate in the head", Arrays.copyOf(SECOND, 3), "ended inside frame 1"),
                new Deed("S63 reflect", bytes(Ends.secret(), Side.CHILD, 1), "does not open"),
                new Deed("S63 swap channels", ofAnotherLink, "does not open"),
                new Deed("S64 length zero", withLength(0), "frame length 0"),
                new Deed("S64 largest length", withLength(Integer.MAX_VALUE), "frame length 2147483647"),
                new Deed("S64 negative length", withLength(-1), "frame length 4294967295"),
                // Types in a wrong phase are for the owners of links: SessionPhasesTest and ChildTest.
                new Deed("S65 unknown type", withType(63), "frame type 63"));
    }

    @ParameterizedTest
    @MethodSource("deeds")
    void theLinkTakesTheGoodFrameAndClosesAtTheDeed(Deed deed) throws Exception {
        write(peer, Ends.join(FIRST, deed.stream));
        if (deed.message.startsWith("ended") || deed.message.isEmpty()) {
            peer.close(); // a longer frame would be waited for
        }
        assertThat(link.receive(frame)).isTrue();
        assertThatThrownBy(() -> link.receive(frame))
                .isInstanceOf(ProtocolViolation.class)
                .hasMessageContaining(deed.message);
        assertThat(frame.length()).isZero();
        assertThat(link.isClosed()).isTrue();
    }

    /** The control of S62: the same stream that ends between two frames is an end and no violation. */
    @Test
    void aStreamThatEndsBetweenFramesIsAnEnd() throws Exception {
        write(peer, GOOD);
        peer.close();
        assertThat(link.receive(frame)).isTrue();
        assertThat(link.receive(frame)).isTrue();
        assertThat(link.receive(frame)).isFalse();
    }

    /** S66: as many as the kernel takes. */
    @Test
    void asManyDescriptorsAsTheKernelTakesCloseTheLinkAndNoneStaysOpen() throws Exception {
        assertThatDescriptorsCloseTheLink(DescriptorFlood.MOST, "descriptors");
    }

    /** S66: one, with a frame that is good. */
    @Test
    void oneDescriptorWhereNoneIsDueClosesTheLinkThoughItsFrameIsGood() throws Exception {
        assertThatDescriptorsCloseTheLink(1, "nobody asked for");
    }

    private void assertThatDescriptorsCloseTheLink(int count, String reason) throws Exception {
        int[] passed = Descriptors.socketPair();
        long openBefore = openDescriptors();
        DescriptorFlood.send(peerNumber, FIRST, passed[0], count);
        assertThatThrownBy(() -> link.receive(frame)).hasMessageContaining(reason);
        assertThat(link.isClosed()).isTrue();
        assertPeerSeesTheEnd();
        // This end of the link is closed as well.
        assertThat(openDescriptors()).isEqualTo(openBefore - 1);
        Descriptors.close(passed[0]);
        Descriptors.close(passed[1]);
    }

    /** S67: a byte at a time, which is slow but no fault. */
    @Test
    void frameByFrameAByteAtATimeIsRead() throws Exception {
        CompletableFuture<Void> writing = CompletableFuture.runAsync(() -> {
            try {
                for (byte each : GOOD) {
                    write(peer, each);
                }
            } catch (IOException cause) {
                throw new IllegalStateException(cause);
            }
        });
        assertThat(link.receive(frame)).isTrue();
        assertThat(link.receive(frame)).isTrue();
        writing.get(10, TimeUnit.SECONDS);
    }

    /** S67: whoever sends to a peer that does not read waits, takes no memory for it, and holds up no other link. */
    @Test
    void aPeerThatDoesNotReadHoldsUpItsOwnLinkOnly() throws Exception {
        byte[] batch = new byte[256 * 1024];
        CompletableFuture<Throwable> stuck = CompletableFuture.supplyAsync(() -> {
            try {
                for (int i = 0; i < 1000; i++) {
                    link.send(FrameType.BATCH, batch, 0, batch.length);
                }
                return new AssertionError("250 MB went to nobody");
            } catch (IOException closed) {
                return closed;
            }
        });
        NativeSocket[] pair = NativeSocket.pair();
        Link one = new Link(pair[0], Ends.secret(), Side.CHILD, true);
        Link other = new Link(pair[1], Ends.secret(), Side.PARENT, true);
        for (int i = 0; i < 1000; i++) {
            one.send(FrameType.START);
            assertThat(other.receive(frame)).isTrue();
        }
        assertThat(stuck).isNotDone();
        link.close();
        assertThat(stuck.get(10, TimeUnit.SECONDS)).isInstanceOf(IOException.class);
        one.close();
        other.close();
    }

    private void assertPeerSeesTheEnd() {
        ByteBuffer room = ByteBuffer.allocateDirect(1);
        // An end, or a reset when it had bytes under way.
        try {
            assertThat(peer.read(room)).isEqualTo(-1);
        } catch (IOException reset) {
            assertThat(reset).hasMessageContaining("reset");
        }
    }

    private static long openDescriptors() throws IOException {
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            return open.filter(HostileSocketTest::isSocket).count();
        }
    }

    private static boolean isSocket(Path link) {
        try {
            return Files.readSymbolicLink(link).toString().startsWith("socket:");
        } catch (IOException goneMeanwhile) {
            return false;
        }
    }

    private static void write(NativeSocket socket, byte... stream) throws IOException {
        socket.write(ByteBuffer.allocateDirect(stream.length).put(stream).flip());
    }

    /** Frames of one byte each, sealed by an end of a side. */
    private static byte[] bytes(SessionSecret secret, Side side, int... contents) {
        BytesTransport out = new BytesTransport();
        Link sender = new Link(out, secret, side, true);
        try {
            for (int content : contents) {
                sender.send(FrameType.SETTINGS, new byte[] {(byte) content}, 0, 1);
            }
        } catch (IOException impossible) {
            throw new IllegalStateException(impossible);
        }
        return out.written();
    }

    private static SessionSecret otherSecret() {
        byte[] secret = new byte[SessionSecret.BYTES];
        Arrays.fill(secret, (byte) 7);
        return SessionSecret.of(secret);
    }

    private static byte[] flipped(int at) {
        byte[] spoilt = SECOND.clone();
        spoilt[at] ^= 1;
        return spoilt;
    }

    private static byte[] withLength(int length) {
        byte[] spoilt = SECOND.clone();
        ByteBuffer.wrap(spoilt).order(ByteOrder.LITTLE_ENDIAN).putInt(0, length);
        return spoilt;
    }

    private static byte[] withType(int type) {
        byte[] spoilt = SECOND.clone();
        spoilt[4] = (byte) type;
        return spoilt;
    }
}
