package io.skewer.ipc.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skewer.ipc.seal.FrameSeal;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever the other end, or somebody between, does to the stream: the link closes and hands out nothing of it. */
@ParameterizedClass
@ValueSource(booleans = {true, false})
class HostilePeerTest {
    private final boolean encrypted;
    private final byte[] first;
    private final byte[] second;

    HostilePeerTest(boolean encrypted) throws IOException {
        this.encrypted = encrypted;
        byte[] both = Ends.bytesOf(Side.PARENT, encrypted, link -> {
            link.send(FrameType.SETTINGS, new byte[] {1, 2, 3, 4, 5}, 0, 5);
            link.send(FrameType.SETTINGS, new byte[] {6, 7, 8, 9, 10}, 0, 5);
        });
        first = Arrays.copyOf(both, both.length / 2);
        second = Arrays.copyOfRange(both, both.length / 2, both.length);
    }

    @Test
    void theFramesOfThisTestAreGoodAsTheyAre() throws IOException {
        Link link = Ends.receiver(Side.CHILD, encrypted, Ends.join(first, second));
        Frame frame = new Frame();
        assertThat(link.receive(frame)).isTrue();
        assertThat(Ends.payload(frame)).containsExactly(1, 2, 3, 4, 5);
        assertThat(link.receive(frame)).isTrue();
        assertThat(Ends.payload(frame)).containsExactly(6, 7, 8, 9, 10);
    }

    @Test
    void aFrameReplayedAfterItselfClosesTheLink() {
        assertClosesAfter(1, "does not open", Ends.join(first, first));
    }

    @Test
    void aFrameReplayedLaterClosesTheLink() {
        assertClosesAfter(2, "does not open", Ends.join(first, second, first));
    }

    @Test
    void framesInAnotherOrderCloseTheLink() {
        assertClosesAfter(0, "does not open", Ends.join(second, first));
    }

    @Test
    void aFrameThatReturnsToItsSenderClosesTheLink() {
        Link parent = Ends.receiver(Side.PARENT, encrypted, first);
        assertCloses(parent, 0, "does not open");
    }

    @Test
    void everyFlippedBitClosesTheLink() {
        for (int bit = 0; bit < first.length * Byte.SIZE; bit++) {
            byte[] flipped = first.clone();
            flipped[bit / Byte.SIZE] ^= (byte) (1 << bit % Byte.SIZE);
            assertClosesAfter(0, "", flipped);
            assertClosesAfter(0, "", Ends.join(flipped, second, second, second));
        }
    }

    @Test
    void aStreamCutAtAnyByteOfAFrameClosesTheLink() {
        for (int length = 1; length < second.length; length++) {
            assertClosesAfter(1, "ended inside frame 1", Ends.join(first, Arrays.copyOf(second, length)));
        }
    }

    @Test
    void aByteLostInTheMiddleClosesTheLink() {
        for (int lost = 0; lost < first.length; lost++) {
            byte[] shorter = Ends.join(Arrays.copyOf(first, lost), Arrays.copyOfRange(first, lost + 1, first.length));
            assertClosesAfter(0, "", Ends.join(shorter, second));
        }
    }

    @Test
    void lengthsBeyondTheLimitCloseTheLinkBeforeAnythingIsAllocated() {
        int tooLong = Link.MAX_PAYLOAD_BYTES + FrameForm.TRAILER_BYTES + 1;
        for (int length :
                new int[] {tooLong, Integer.MAX_VALUE, Integer.MIN_VALUE, -1, 0, 1, FrameForm.TRAILER_BYTES - 1}) {
            byte[] head = first.clone();
            ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN).putInt(0, length);
            assertClosesAfter(0, "frame length " + Integer.toUnsignedString(length), head);
        }
    }

    @Test
    void anUnknownTypeClosesTheLinkAlsoWhenItsSealIsGenuine() {
        for (int type : new int[] {0, 6, 15, 22, 31, 38, 63, 64, 127, 128, 255}) {
            assertClosesAfter(0, "frame type " + type, genuine(type));
        }
    }

    @Test
    void aReservedByteThatIsNotZeroClosesTheLinkAlsoWhenItsSealIsGenuine() {
        for (int shift : new int[] {8, 16, 24}) {
            assertClosesAfter(0, "reserved bytes", genuine(FrameType.SETTINGS.code() | 1 << shift));
        }
        assertThat(genuine(FrameType.SETTINGS.code()))
                .as("the same frame with zeros")
                .isEqualTo(first);
    }

    @Test
    void bytesThatAreNoFrameCloseTheLink() {
        assertClosesAfter(0, "", "GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        assertClosesAfter(0, "", new byte[100]);
    }

    @Test
    void anEndThatEncryptsAndOneThatDoesNotFindNoCommonWord() {
        Link other = Ends.receiver(Side.CHILD, !encrypted, first);
        assertCloses(other, 0, "does not open");
    }

    /** The first frame with another second word of its head, sealed as the parent would. */
    private byte[] genuine(int secondWord) {
        byte[] frame = new byte[first.length];
        ByteBuffer.wrap(frame)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(first.length - FrameForm.HEAD_BYTES)
                .putInt(secondWord)
                .put(new byte[] {1, 2, 3, 4, 5});
        assertThat(FrameSeal.of(Ends.secret(), Side.PARENT.sends(), encrypted).seal(frame, 5))
                .isTrue();
        return frame;
    }

    private void assertClosesAfter(int goodFrames, String message, byte[] stream) {
        assertCloses(Ends.receiver(Side.CHILD, encrypted, stream), goodFrames, message);
    }

    private static void assertCloses(Link link, int goodFrames, String message) {
        Frame frame = new Frame();
        for (int i = 0; i < goodFrames; i++) {
            assertThat(receive(link, frame)).isTrue();
        }
        assertThatThrownBy(() -> link.receive(frame))
                .isInstanceOf(ProtocolViolation.class)
                .hasMessageContaining(message);
        assertThat(frame.length()).isZero();
        assertThatThrownBy(frame::type).isInstanceOf(IllegalStateException.class);
        assertThat(link.isClosed()).isTrue();
        assertThatIOException().isThrownBy(() -> link.receive(frame)).withMessage("the link is closed");
        assertThatIOException().isThrownBy(() -> link.send(FrameType.MEASURE)).withMessage("the link is closed");
    }

    private static boolean receive(Link link, Frame frame) {
        try {
            return link.receive(frame);
        } catch (IOException cause) {
            throw new AssertionError("a good frame did not arrive", cause);
        }
    }
}
