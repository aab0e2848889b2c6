package io.skewer.core.source.udp;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DatagramPacket;
import io.netty.channel.unix.DomainDatagramPacket;
import io.netty.util.ReferenceCountUtil;
import io.skewer.core.measure.Counter;
import io.skewer.core.source.Intake;
import io.skewer.core.source.Lane;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes the datagrams of one socket, one message each. Runs on the event loop of its lane. Without credit it stops reading, and the
 * kernel's queue holds what comes, then drops and counts.
 */
final class DatagramSocketReader extends ChannelInboundHandlerAdapter implements Lane.Waiting, Lane.Drainable {
    private static final Logger LOG = LoggerFactory.getLogger(DatagramSocketReader.class);

    private final Channel channel;
    private final Intake intake;
    private final SenderOrigins origins;
    private final Counter truncated;
    private final int maxMessageBytes;
    private final byte[] frame;
    private boolean waiting;
    private boolean stopped;
    private boolean inBurst;

    DatagramSocketReader(Channel channel, Intake intake, SenderOrigins origins, Counter truncated) {
        this.channel = channel;
        this.intake = intake;
        this.origins = origins;
        this.truncated = truncated;
        maxMessageBytes = intake.lane().context().maxMessageBytes();
        frame = new byte[maxMessageBytes];
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        intake.lane().opened(this);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        intake.lane().closed(this);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (!inBurst) {
            inBurst = true;
            intake.lane().beginBurst();
        }
        try {
            switch (message) {
                case DatagramPacket packet ->
                    accept(packet.content(), origins.of(packet.sender().getAddress()));
                case DomainDatagramPacket packet -> accept(packet.content(), origins.ofNobody());
                default -> throw new IllegalStateException("not a datagram: " + message.getClass());
            }
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    /** Each read makes room for one byte more than a message may have: a datagram that fills it was cut by the kernel. */
    private void accept(ByteBuf content, byte[] origin) {
        int length = content.readableBytes();
        if (length > maxMessageBytes) {
            truncated.increment();
            length = maxMessageBytes;
        }
        content.readBytes(frame, 0, length);
        while (length > 0 && isLineEnd(frame[length - 1])) {
            length--;
        }
        if (length > 0) {
            intake.accept(frame, 0, length, origin);
        }
    }

    private static boolean isLineEnd(byte value) {
        return value == '\n' || value == '\r' || value == 0;
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        intake.count();
        intake.lane().endBurst();
        inBurst = false;
        if (intake.lane().assembler().isPaused() && !waiting && !stopped) {
            waiting = true;
            channel.config().setAutoRead(false);
            intake.lane().await(this);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        // Errors of single datagrams, such as an ICMP answer to something we never sent, do not end the socket.
        LOG.atWarn().setMessage("udp.receive_failed").setCause(cause).log();
    }

    @Override
    public void resume() {
        waiting = false;
        channel.config().setAutoRead(!stopped);
    }

    @Override
    public void stopReading() {
        stopped = true;
        channel.config().setAutoRead(false);
    }

    @Override
    public CompletableFuture<?> finish() {
        CompletableFuture<Void> closed = new CompletableFuture<>();
        channel.close().addListener(ignored -> closed.complete(null));
        return closed;
    }
}
