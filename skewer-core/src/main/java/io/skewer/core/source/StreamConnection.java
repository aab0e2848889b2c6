package io.skewer.core.source;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.timeout.IdleStateEvent;
import io.skewer.core.message.ByteBuilder;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * The bytes of one connection, between its socket and its {@link Conversation}. Runs on the event loop of its lane.
 *
 * <p>A connection holds no buffer while it has nothing to hold. What was read is copied once, behind the incomplete frame of the
 * read before, into an array that all connections of the event loop share, and the frames are found there in place; only the new
 * incomplete frame is copied back. A frame that is longer than {@link Lane#SMALL_TAIL_BYTES} would be copied back and forth with
 * each read, so from there on it grows in the connection's own array, which is given up when the frame is complete.
 *
 * <p>Reading stops, and with it at last the sender, for any of these reasons: the outlet has no credit (then the connection waits in
 * its lane), the conversation is blocked, the peer does not read our answers, or the listener is being stopped. What was read until
 * then is held as it is. It is bounded: by the limit of a frame and one read, or, when the peer has ended its side, which
 * makes the transport read to the end, by the kernel's receive buffer. A connection that was closed meanwhile keeps its place among
 * {@code max_connections} until what it brought is taken, so that nobody fills the memory by connecting again and again.
 */
final class StreamConnection extends ChannelInboundHandlerAdapter
        implements Lane.Waiting, Lane.Drainable, Conversation.Wire {
    private static final byte[] NOTHING = new byte[0];
    private static final long LAST_WORDS_MS = 1000;

    private final Lane lane;
    private final Channel channel;
    private final Consumer<ProtocolViolation> violated;
    private final CompletableFuture<Void> closed = new CompletableFuture<>();
    private final Conversation conversation;
    private byte[] held = NOTHING;
    private int heldBytes;
    private boolean waiting;
    private boolean stopped;
    private boolean inputEnded;
    private boolean tailTaken;
    private boolean closing;
    private Runnable emptied = () -> {};

    StreamConnection(Lane lane, Channel channel, Opening opening, Consumer<ProtocolViolation> violated) {
        this.lane = lane;
        this.channel = channel;
        this.violated = violated;
        conversation = opening.open(this);
    }

    /** Calls back as soon as nothing is held, or will be, of what the peer sent. On the event loop. */
    void whenEmptied(Runnable then) {
        if (tailTaken || closing) {
            then.run();
        } else {
            emptied = then;
        }
    }

    private void tellEmptied() {
        Runnable then = emptied;
        emptied = () -> {};
        then.run();
    }

    ReceiveBuffer receiveBuffer() {
        return lane.receiveBuffer();
    }

    /** Makes the conversation of a connection. */
    interface Opening {
        Conversation open(Conversation.Wire wire);
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        lane.opened(this);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf in = (ByteBuf) message;
        try {
            if (closing || tailTaken) {
                return;
            }
            lane.beginBurst();
            if (waiting || lane.assembler().isPaused() || conversation.isBlocked()) {
                hold(in);
                proceed();
            } else if (heldBytes <= Lane.SMALL_TAIL_BYTES && in.readableBytes() <= Lane.READ_BYTES) {
                takeInWorkBuffer(in);
            } else {
                hold(in);
                takeHeld();
            }
        } finally {
            in.release();
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        conversation.count();
        lane.endBurst();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof ChannelInputShutdownEvent) {
            endInput();
        } else if (event instanceof IdleStateEvent
                && !inputEnded
                && !waiting
                && !conversation.isBlocked()
                && !stopped) {
            // Silence is the peer's own only while we are reading. What it sent last is kept as if it had ended.
            violated.accept(new ProtocolViolation("idle_timeout", "nothing was sent for the configured time"));
            endInput();
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        updateReading();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        lane.closed(this);
        closed.complete(null);
        if (!closing) {
            endInput();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        violated.accept(new ProtocolViolation("connection_lost", String.valueOf(cause.getMessage())));
        var _ = channel.close();
    }

    @Override
    public void resume() {
        waiting = false;
        takeHeld();
        conversation.count();
    }

    @Override
    public void changed() {
        if (heldBytes > 0 && !waiting && !conversation.isBlocked()) {
            lane.beginBurst();
            takeHeld();
            conversation.count();
            lane.endBurst();
        }
        proceed();
    }

    @Override
    public void send(ByteBuilder bytes) {
        if (channel.isActive()) {
            var _ = channel.writeAndFlush(
                    channel.alloc().directBuffer(bytes.length()).writeBytes(bytes.array(), 0, bytes.length()));
        }
    }

    @Override
    public void stopReading() {
        stopped = true;
        if (!inputEnded) {
            endInput();
        }
        updateReading();
    }

    @Override
    public CompletableFuture<?> finish() {
        close();
        return closed;
    }

    private void takeInWorkBuffer(ByteBuf in) {
        byte[] work = lane.work();
        System.arraycopy(held, 0, work, 0, heldBytes);
        int end = heldBytes + in.readableBytes();
        in.readBytes(work, heldBytes, in.readableBytes());
        int taken = take(work, end);
        int rest = end - taken;
        boolean tooLarge = held.length > 2 * Lane.SMALL_TAIL_BYTES && rest <= Lane.SMALL_TAIL_BYTES;
        if (rest == 0) {
            held = NOTHING;
        } else if (held.length < rest || tooLarge) {
            held = new byte[roomFor(rest)];
        }
        System.arraycopy(work, taken, held, 0, rest);
        heldBytes = rest;
        proceed();
    }

    private void takeHeld() {
        int taken = take(held, heldBytes);
        int rest = heldBytes - taken;
        if (rest == 0) {
            held = NOTHING;
        } else if (rest <= Lane.SMALL_TAIL_BYTES && held.length > 2 * Lane.SMALL_TAIL_BYTES) {
            held = Arrays.copyOfRange(held, taken, taken + roomFor(rest));
        } else {
            System.arraycopy(held, taken, held, 0, rest);
        }
        heldBytes = rest;
        proceed();
    }

    private int take(byte[] bytes, int end) {
        try {
            return conversation.take(bytes, 0, end);
        } catch (ProtocolViolation violation) {
            closeWith(violation);
            return end;
        }
    }

    private void hold(ByteBuf in) {
        int count = in.readableBytes();
        if (held.length - heldBytes < count) {
            held = Arrays.copyOf(held, roomFor(heldBytes + count));
        }
        in.readBytes(held, heldBytes, count);
        heldBytes += count;
    }

    private static int roomFor(int bytes) {
        return bytes <= 1024 ? 1024 : bytes + (bytes >> 2);
    }

    /** After anything that may have changed what comes next. */
    private void proceed() {
        if (lane.assembler().isPaused() && !waiting && !tailTaken && (heldBytes > 0 || !inputEnded)) {
            waiting = true;
            lane.await(this);
        }
        if (inputEnded && !waiting && !tailTaken && !conversation.isBlocked()) {
            takeTail();
        }
        if (!stopped && conversation.isOver()) {
            close();
        }
        updateReading();
    }

    private void endInput() {
        inputEnded = true;
        lane.beginBurst();
        proceed();
    }

    private void takeTail() {
        tailTaken = true;
        conversation.end(held, 0, heldBytes);
        held = NOTHING;
        heldBytes = 0;
        conversation.count();
        lane.endBurst();
        tellEmptied();
    }

    private void updateReading() {
        if (!closing) {
            channel.config()
                    .setAutoRead(
                            !waiting && !stopped && !inputEnded && !conversation.isBlocked() && channel.isWritable());
        }
    }

    private void closeWith(ProtocolViolation violation) {
        if (!closing) {
            violated.accept(violation);
            conversation.count();
            tailTaken = true;
            close();
        }
    }

    private void close() {
        if (closing) {
            return;
        }
        closing = true;
        tellEmptied();
        ByteBuilder out = new ByteBuilder(64);
        conversation.farewell(out);
        if (!channel.isActive()) {
            var _ = channel.close();
            return;
        }
        channel.config().setAutoRead(false);
        var _ = channel.writeAndFlush(Unpooled.wrappedBuffer(out.toByteArray()))
                .addListener(ChannelFutureListener.CLOSE);
        // A peer that does not read must not keep its connection by that.
        var forced = channel.eventLoop().schedule(this::closeNow, LAST_WORDS_MS, TimeUnit.MILLISECONDS);
        channel.closeFuture().addListener(done -> forced.cancel(false));
    }

    private void closeNow() {
        var _ = channel.close();
    }
}
