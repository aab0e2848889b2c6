package io.skewer.ipc.link;

import io.skewer.ipc.seal.FrameSeal;
import io.skewer.ipc.seal.SessionSecret;
import java.io.IOException;
import java.util.Objects;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

/**
 * One end of a duplex link between two processes: frames in, frames out, over a stream that both inherited.
 *
 * <h2>The form of a frame</h2>
 *
 * <pre>
 * offset size
 *  0     4    length of everything behind the head: payload and trailer
 *  4     1    type, a code of {@link FrameType}
 *  5     3    zero
 *  8     n    payload, at most {@value #MAX_PAYLOAD_BYTES} bytes, encrypted
 *  8+n   16   trailer: the tag of AES-256-GCM
 * </pre>
 *
 * <p>All numbers are little-endian. Without {@code main.encrypt_ipc} the payload is clear and the trailer is the counter, a
 * CRC32C and four zero bytes, so that both forms have the same lengths.
 *
 * <h2>What the seal promises</h2>
 *
 * <p>Both ends derive one key per direction from the secret of this link. The n-th frame of a direction is sealed with the counter
 * n, which does not travel; head, direction and counter are authenticated with the payload. So a frame opens only at the other
 * end, once, in its place, whole: replay, reorder, loss, reflection, change and truncation all look the same, a frame that does not
 * open. A stream that stops inside a frame is torn, and an {@link IOException}. The one thing that frames cannot tell is whether
 * the stream ended too early between two of them. Nothing depends on it: what was sent over a data link and has no answer is sent again over the
 * next one, and the end of a control link is the end of a process.
 *
 * <h2>Reactions</h2>
 *
 * <p>The head is read before it is proven, so its length and type are checked against fixed limits before they are used for
 * anything. There is no way to find the next frame behind a bad one, and no reason to want it: whatever does not add up is a
 * {@link ProtocolViolation}, closes the link for good, and hands out nothing of the frame. A failed read or write closes
 * it as well, for a stream that stopped inside a frame cannot go on. The owner sees the exception and decides.
 *
 * <h2>Threads</h2>
 *
 * <p>Any thread may send; frames leave one after the other, each with one call of the transport. A sender waits while the
 * socket is full: whoever must never wait sends only what credit covers. One thread receives. Any thread may close; it wakes the others.
 */
public final class Link {
    /** A batch of the largest size and the head before it, with room to spare. */
    public static final int MAX_PAYLOAD_BYTES = 4 * 1024 * 1024 + 64 * 1024;

    private static final byte[] EMPTY = {};

    private final Transport transport;
    private final FrameWriter writer;
    private final FrameReader reader;
    private final Lock sending = new ReentrantLock();
    private volatile boolean closed;

    /**
     * A link that owns the transport.
     *
     * @param secret the same at both ends; not needed any more when this returns
     * @param side the other end is of the other side
     * @param encrypted {@code main.encrypt_ipc}, the same at both ends
     */
    public Link(Transport transport, SessionSecret secret, Side side, boolean encrypted) {
        this(
                transport,
                FrameSeal.of(secret, side.sends(), encrypted),
                FrameSeal.of(secret, side.receives(), encrypted));
    }

    Link(Transport transport, FrameSeal sends, FrameSeal receives) {
        this.transport = transport;
        writer = new FrameWriter(transport, sends);
        reader = new FrameReader(transport, receives);
    }

    /** Sends a frame without payload. */
    public void send(FrameType type) throws IOException {
        send(type, EMPTY, 0, 0);
    }

    /** Sends what was written, and descriptors along with it, which stay open here. */
    public void send(FrameType type, PayloadWriter payload, int... descriptors) throws IOException {
        send(type, payload.array(), 0, payload.length(), descriptors);
    }

    /**
     * Sends a frame and descriptors along with it, which stay open here.
     *
     * @throws IllegalArgumentException when the payload is too long; nothing was sent
     * @throws IOException when the link is or breaks: it is closed now
     */
    public void send(FrameType type, byte[] payload, int offset, int length, int... descriptors) throws IOException {
        Objects.checkFromIndexSize(offset, length, payload.length);
        sendParts(type, EMPTY, 0, payload, offset, length, descriptors);
    }

    /**
     * Sends a frame whose payload is the start of one array and a part of another.
     *
     * @throws IllegalArgumentException when the payload is too long; nothing was sent
     * @throws IOException when the link is or breaks: it is closed now
     */
    public void send(FrameType type, byte[] head, int headLength, byte[] body, int offset, int length)
            throws IOException {
        Objects.checkFromIndexSize(0, headLength, head.length);
        Objects.checkFromIndexSize(offset, length, body.length);
        sendParts(type, head, headLength, body, offset, length);
    }

    private void sendParts(
            FrameType type, byte[] head, int headLength, byte[] body, int offset, int length, int... descriptors)
            throws IOException {
        if ((long) headLength + length > MAX_PAYLOAD_BYTES) {
            throw new IllegalArgumentException("a payload of " + ((long) headLength + length) + " bytes");
        }
        sending.lock();
        try {
            checkOpen();
            writer.begin(type, headLength + length);
            writer.put(0, head, 0, headLength);
            writer.put(headLength, body, offset, length);
            writer.end(headLength + length, descriptors);
        } catch (IOException cause) {
            throw broken(cause);
        } finally {
            sending.unlock();
        }
    }

    /**
     * Waits for the next frame.
     *
     * @param frame takes it; empty when there is none
     * @return false when the other end closed the stream between two frames
     * @throws ProtocolViolation when the other end broke the protocol: the link is closed now
     * @throws IOException when the link is or breaks: it is closed now
     */
    public boolean receive(Frame frame) throws IOException {
        frame.clear();
        checkOpen();
        try {
            boolean received = reader.read(frame);
            if (!received) {
                // An end that this side made itself is not an answer of the other.
                checkOpen();
            }
            return received;
        } catch (IOException cause) {
            throw broken(cause);
        }
    }

    /**
     * The descriptor that came along with a frame, oldest first; the caller owns it.
     *
     * @throws ProtocolViolation when none came: the link is closed now
     */
    public int takeDescriptor() throws IOException {
        checkOpen();
        try {
            return transport.takeDescriptor();
        } catch (IOException cause) {
            ProtocolViolation missing = new ProtocolViolation("no descriptor came along");
            missing.initCause(cause);
            throw broken(missing);
        }
    }

    public boolean isClosed() {
        return closed;
    }

    /** Closes the stream; whoever waits in it is woken with an {@link IOException}. Idempotent. */
    public void close() {
        closed = true;
        transport.close();
    }

    private void checkOpen() throws IOException {
        if (closed) {
            throw new IOException("the link is closed");
        }
    }

    /** What to throw for a fault, which is only a consequence when the link was closed before. */
    private IOException broken(IOException cause) {
        if (closed) {
            return cause instanceof ProtocolViolation ? new IOException("the link is closed", cause) : cause;
        }
        close();
        return cause;
    }
}
