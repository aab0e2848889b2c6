package io.skewer.ipc.link;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import io.skewer.ipc.seal.FrameSeal;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/** The receiver and the payload readers against arbitrary bytes: a result or a {@link ProtocolViolation}, never anything else. */
class LinkFuzzTest {
    @FuzzTest
    void aStreamOfAnyBytesIsReadOrRefused(byte[] stream) throws IOException {
        for (boolean encrypted : new boolean[] {true, false}) {
            Link link = new Link(new BytesTransport(stream, n -> 1 + n * 7 % 50), Ends.secret(), Side.CHILD, encrypted);
            Frame frame = new Frame();
            try {
                while (link.receive(frame)) {
                    read(frame);
                }
            } catch (ProtocolViolation refused) {
                requireQuiet(link, frame);
            }
        }
    }

    /** A frame whose head and payload are arbitrary but whose seal is genuine: what a broken peer that has the key may send. */
    @FuzzTest
    void aGenuineFrameOfAnyContentIsReadOrRefused(FuzzedDataProvider data) throws IOException {
        int word = data.consumeBoolean() ? data.consumeInt(0, 40) : data.consumeInt();
        byte[] payload = data.consumeRemainingAsBytes();
        byte[] frameBytes = new byte[FrameForm.HEAD_BYTES + payload.length + FrameForm.TRAILER_BYTES];
        ByteBuffer.wrap(frameBytes)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(payload.length + FrameForm.TRAILER_BYTES)
                .putInt(word)
                .put(payload);
        if (!FrameSeal.of(Ends.secret(), Side.PARENT.sends(), true).seal(frameBytes, payload.length)) {
            throw new AssertionError("not sealed");
        }
        Link link = Ends.receiver(Side.CHILD, true, frameBytes);
        Frame frame = new Frame();
        try {
            if (!link.receive(frame) || !Arrays.equals(Ends.payload(frame), payload)) {
                throw new AssertionError("a genuine frame arrived otherwise than it was sent");
            }
        } catch (ProtocolViolation refused) {
            requireQuiet(link, frame);
            return;
        }
        read(frame);
    }

    /** A good stream with one change: it must never be taken for another good stream. */
    @FuzzTest
    void aChangedStreamNeverGivesAnotherFrame(FuzzedDataProvider data) throws IOException {
        boolean encrypted = data.consumeBoolean();
        byte[] first = data.consumeBytes(300);
        byte[] second = data.consumeBytes(300);
        byte[] stream = Ends.bytesOf(Side.PARENT, encrypted, link -> {
            link.send(FrameType.SETTINGS, first, 0, first.length);
            link.send(FrameType.BATCH, second, 0, second.length);
        });
        int at = data.consumeInt(0, stream.length - 1);
        stream[at] ^= data.consumeByte((byte) 1, Byte.MAX_VALUE);
        boolean inFirst = at < FrameForm.HEAD_BYTES + first.length + FrameForm.TRAILER_BYTES;
        Link link = Ends.receiver(Side.CHILD, encrypted, stream);
        Frame frame = new Frame();
        try {
            if (!inFirst && (!link.receive(frame) || !Arrays.equals(Ends.payload(frame), first))) {
                throw new AssertionError("an unchanged frame was not received");
            }
            throw new AssertionError("a changed frame was received: " + link.receive(frame));
        } catch (ProtocolViolation refused) {
            requireQuiet(link, frame);
        }
    }

    private static void read(Frame frame) {
        try {
            switch (frame.type()) {
                case BATCH -> DataFrames.readBatch(frame);
                case CREDIT -> DataFrames.readCredit(frame);
                case KEPT -> DataFrames.readKept(frame);
                case SETTLED -> DataFrames.readSettlement(frame);
                default -> frame.reader().end();
            }
        } catch (ProtocolViolation refused) {
            if (refused.getMessage() == null) {
                throw new AssertionError("a refusal without a reason", refused);
            }
        }
    }

    private static void requireQuiet(Link link, Frame frame) {
        if (!link.isClosed() || frame.length() != 0) {
            throw new AssertionError("a refused frame left something behind");
        }
    }
}
