package io.skewer.ipc.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skewer.ipc.seal.SealsNearTheirEnd;
import io.skewer.ipc.seal.SessionSecret;
import java.io.IOException;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class LinkTest {
    private final Frame frame = new Frame();

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void framesArriveAsTheyWereSentInBothDirections(boolean encrypted) throws IOException {
        for (Side side : Side.values()) {
            Side other = side == Side.PARENT ? Side.CHILD : Side.PARENT;
            byte[] stream = Ends.bytesOf(side, encrypted, link -> {
                link.send(FrameType.START);
                link.send(FrameType.SETTINGS, Ends.ascending(1000), 10, 900);
                link.send(FrameType.BATCH, new byte[] {1, 2, 3, 4}, 3, Ends.ascending(100), 50, 50);
            });
            Link receiver = Ends.receiver(other, encrypted, stream);

            assertThat(receiver.receive(frame)).isTrue();
            assertThat(frame.type()).isEqualTo(FrameType.START);
            assertThat(frame.length()).isZero();
            assertThat(receiver.receive(frame)).isTrue();
            assertThat(frame.type()).isEqualTo(FrameType.SETTINGS);
            assertThat(Ends.payload(frame)).isEqualTo(slice(Ends.ascending(1000), 10, 900));
            assertThat(receiver.receive(frame)).isTrue();
            assertThat(frame.type()).isEqualTo(FrameType.BATCH);
            assertThat(Ends.payload(frame))
                    .isEqualTo(Ends.join(new byte[] {1, 2, 3}, slice(Ends.ascending(100), 50, 50)));
            assertThat(receiver.receive(frame)).as("a clean end").isFalse();
            assertThat(receiver.receive(frame)).as("a clean end stays one").isFalse();
            assertThat(receiver.isClosed()).isFalse();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void theLargestPayloadArrives(boolean encrypted) throws IOException {
        byte[] largest = Ends.ascending(Link.MAX_PAYLOAD_BYTES);
        Link receiver = Ends.receiver(
                Side.CHILD,
                encrypted,
                Ends.bytesOf(Side.PARENT, encrypted, link -> link.send(FrameType.BATCH, largest, 0, largest.length)));

        assertThat(receiver.receive(frame)).isTrue();
        assertThat(Ends.payload(frame)).isEqualTo(largest);
    }

    @Test
    void aPayloadAboveTheLimitIsRefusedAndTheLinkLivesOn() throws IOException {
        BytesTransport transport = new BytesTransport();
        Link link = new Link(transport, Ends.secret(), Side.PARENT, true);
        byte[] body = new byte[Link.MAX_PAYLOAD_BYTES];

        assertThatIllegalArgumentException()
                .isThrownBy(() -> link.send(FrameType.BATCH, new byte[1], 1, body, 0, body.length));
        assertThat(transport.written()).isEmpty();

        link.send(FrameType.START);
        Link receiver = Ends.receiver(Side.CHILD, true, transport.written());
        assertThat(receiver.receive(frame)).isTrue();
        assertThat(frame.type()).isEqualTo(FrameType.START);
    }

    @Test
    void aRangeOutsideItsArrayIsRefused() {
        Link link = new Link(new BytesTransport(), Ends.secret(), Side.PARENT, true);
        assertThatThrownBy(() -> link.send(FrameType.BATCH, new byte[4], 2, 3))
                .isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> link.send(FrameType.BATCH, new byte[2], 3, new byte[4], 0, 4))
                .isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void aFrameOfABatchLeavesWithOneWrite() throws IOException {
        BytesTransport transport = new BytesTransport();
        Link link = new Link(transport, Ends.secret(), Side.PARENT, true);
        link.send(FrameType.START);
        assertThat(transport.writes).isEqualTo(1);
        link.send(FrameType.BATCH, new byte[260_000], 0, 260_000);
        assertThat(transport.writes).isEqualTo(2);
    }

    @Test
    void smallFramesThatCameTogetherNeedOneRead() throws IOException {
        BytesTransport transport = new BytesTransport(Ends.bytesOf(Side.PARENT, true, link -> {
            for (int i = 0; i < 100; i++) {
                link.send(FrameType.MEASURE);
            }
        }));
        Link receiver = new Link(transport, Ends.secret(), Side.CHILD, true);
        for (int i = 0; i < 100; i++) {
            assertThat(receiver.receive(frame)).isTrue();
        }
        assertThat(transport.reads).isEqualTo(1);
    }

    @Test
    void descriptorsGoAlongOnceAlsoWithALargeFrame() throws IOException {
        BytesTransport transport = new BytesTransport();
        Link link = new Link(transport, Ends.secret(), Side.PARENT, true);
        link.send(FrameType.SOCKET, new byte[2_000_000], 0, 2_000_000, 7, 8);
        link.send(FrameType.PEER, new PayloadWriter().u8(1), 9);
        assertThat(transport.sentDescriptors).containsExactly(7, 8, 9);
    }

    @Test
    void descriptorsAreTakenInTheOrderInWhichTheyCame() throws IOException {
        BytesTransport transport = new BytesTransport();
        transport.descriptorArrives(5);
        transport.descriptorArrives(6);
        Link link = new Link(transport, Ends.secret(), Side.CHILD, true);
        assertThat(link.takeDescriptor()).isEqualTo(5);
        assertThat(link.takeDescriptor()).isEqualTo(6);
    }

    @Test
    void aDescriptorThatDidNotComeClosesTheLink() {
        BytesTransport transport = new BytesTransport();
        Link link = new Link(transport, Ends.secret(), Side.CHILD, true);
        assertThatThrownBy(link::takeDescriptor).isInstanceOf(ProtocolViolation.class);
        assertThat(link.isClosed()).isTrue();
        assertThat(transport.closed).isTrue();
    }

    @Test
    void aFailedWriteClosesTheLink() {
        BytesTransport transport = new BytesTransport();
        transport.failWrites = true;
        Link link = new Link(transport, Ends.secret(), Side.PARENT, true);
        assertThatIOException().isThrownBy(() -> link.send(FrameType.START)).withMessage("cannot write");
        assertThat(link.isClosed()).isTrue();
        assertThat(transport.closed).isTrue();
        assertThatIOException().isThrownBy(() -> link.send(FrameType.START)).withMessage("the link is closed");
    }

    @Test
    void aClosedLinkNeitherSendsNorReceives() throws IOException {
        byte[] stream = Ends.bytesOf(Side.PARENT, true, link -> link.send(FrameType.START));
        Link link = Ends.receiver(Side.CHILD, true, stream);
        link.close();
        link.close();
        assertThatIOException().isThrownBy(() -> link.receive(frame)).withMessage("the link is closed");
        assertThatIOException().isThrownBy(() -> link.send(FrameType.READY)).withMessage("the link is closed");
        assertThatIOException().isThrownBy(link::takeDescriptor).withMessage("the link is closed");
    }

    @Test
    void closingWakesTheReaderWithAnErrorThatIsNoViolation() throws Exception {
        Link link = new Link(PipeTransport.pair()[0], Ends.secret(), Side.CHILD, true);
        CompletableFuture<Throwable> seen = new CompletableFuture<>();
        Thread reader = Thread.ofPlatform().start(() -> {
            try {
                seen.completeExceptionally(new AssertionError("received " + link.receive(new Frame())));
            } catch (IOException expected) {
                seen.complete(expected);
            }
        });
        while (reader.getState() == Thread.State.NEW || reader.getState() == Thread.State.TERMINATED) {
            Thread.onSpinWait();
        }
        link.close();
        assertThat(seen.get(10, TimeUnit.SECONDS)).isNotInstanceOf(ProtocolViolation.class);
        reader.join();
    }

    /** A socket that is shut down gives its reader an end, not an error. */
    @Test
    void anEndThatThisSideMadeIsNotTakenForOneOfTheOther() {
        BytesTransport transport = new BytesTransport();
        Link link = new Link(transport, Ends.secret(), Side.CHILD, true);
        transport.beforeEnd = link::close;
        assertThatIOException().isThrownBy(() -> link.receive(frame)).withMessage("the link is closed");
    }

    @Test
    void anEndThatThisSideMadeInsideAFrameIsNoViolation() throws IOException {
        byte[] stream = Ends.bytesOf(Side.PARENT, true, link -> link.send(FrameType.START));
        BytesTransport transport = new BytesTransport(Arrays.copyOf(stream, 10));
        Link link = new Link(transport, Ends.secret(), Side.CHILD, true);
        transport.beforeEnd = link::close;
        assertThatThrownBy(() -> link.receive(frame))
                .isInstanceOf(IOException.class)
                .isNotInstanceOf(ProtocolViolation.class);
    }

    @Test
    void closingWakesASenderThatWaitsForAFullStream() throws Exception {
        Link link = new Link(PipeTransport.pair()[0], Ends.secret(), Side.PARENT, true);
        CompletableFuture<Throwable> seen = new CompletableFuture<>();
        CompletableFuture<Boolean> begun = new CompletableFuture<>();
        Thread sender = Thread.ofPlatform().start(() -> {
            try {
                byte[] large = new byte[Link.MAX_PAYLOAD_BYTES];
                begun.complete(true);
                link.send(FrameType.BATCH, large, 0, large.length);
                seen.completeExceptionally(new AssertionError("nobody reads, yet everything was written"));
            } catch (IOException expected) {
                seen.complete(expected);
            }
        });
        begun.get(10, TimeUnit.SECONDS);
        link.close();
        assertThat(seen.get(10, TimeUnit.SECONDS)).isInstanceOf(IOException.class);
        assertThatIOException().isThrownBy(() -> link.send(FrameType.MEASURE)).withMessage("the link is closed");
        sender.join();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void theLastFrameThatKeysAllowIsSentAndTheNextClosesTheLink(boolean encrypted) throws IOException {
        BytesTransport out = new BytesTransport();
        Link sender = new Link(
                out,
                SealsNearTheirEnd.oneFrameLeft(Ends.secret(), Side.PARENT.sends(), encrypted),
                SealsNearTheirEnd.oneFrameLeft(Ends.secret(), Side.PARENT.receives(), encrypted));
        sender.send(FrameType.START);
        byte[] last = out.written();
        assertThatIOException().isThrownBy(() -> sender.send(FrameType.STOP)).withMessageContaining("keys allow");
        assertThat(sender.isClosed()).isTrue();
        assertThat(out.written()).isEqualTo(last);

        Link receiver = new Link(
                new BytesTransport(Ends.join(last, last)),
                SealsNearTheirEnd.oneFrameLeft(Ends.secret(), Side.CHILD.sends(), encrypted),
                SealsNearTheirEnd.oneFrameLeft(Ends.secret(), Side.CHILD.receives(), encrypted));
        assertThat(receiver.receive(frame)).isTrue();
        assertThatThrownBy(() -> receiver.receive(frame)).isInstanceOf(ProtocolViolation.class);
        assertThat(receiver.isClosed()).isTrue();
    }

    @Test
    void aFrameSealedWithAnotherSecretClosesTheLink() throws IOException {
        BytesTransport out = new BytesTransport();
        new Link(out, SessionSecret.random(), Side.PARENT, true).send(FrameType.START);
        Link receiver = Ends.receiver(Side.CHILD, true, out.written());
        assertThatThrownBy(() -> receiver.receive(frame))
                .isInstanceOf(ProtocolViolation.class)
                .hasMessageContaining("does not open");
        assertThat(receiver.isClosed()).isTrue();
    }

    @Test
    void anEmptyFrameHasNoType() {
        assertThatIllegalStateException().isThrownBy(() -> new Frame().type());
    }

    private static byte[] slice(byte[] bytes, int offset, int length) {
        return Arrays.copyOfRange(bytes, offset, offset + length);
    }
}
