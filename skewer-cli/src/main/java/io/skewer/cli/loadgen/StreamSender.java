package io.skewer.cli.loadgen;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;

/** Messages in a stream, delimited or counted, in large writes. */
final class StreamSender implements Sender {
    private static final byte[] NOTHING = {};
    private static final byte[] LF = {'\n'};

    private final SocketChannel channel;
    private final Stencil stencil;
    private final ByteBuffer out;

    private StreamSender(SocketChannel channel, Stencil framed, int writeBytes) {
        this.channel = channel;
        stencil = framed;
        out = ByteBuffer.allocateDirect(Math.max(writeBytes, framed.length()));
    }

    static StreamSender delimited(SocketChannel channel, Stencil message, int writeBytes) {
        return new StreamSender(channel, message.framed(NOTHING, LF), writeBytes);
    }

    static StreamSender counted(SocketChannel channel, Stencil message, int writeBytes) {
        byte[] count = (message.length() + " ").getBytes(StandardCharsets.US_ASCII);
        return new StreamSender(channel, message.framed(count, NOTHING), writeBytes);
    }

    @Override
    public void send(long messages, Pace pace, Tally tally) throws IOException {
        int most = out.capacity() / stencil.length();
        while (tally.sent < messages) {
            pace.await(tally.sent);
            int burst = pace.allowance(tally.sent, (int) Math.min(most, messages - tally.sent));
            out.clear();
            for (int i = 0; i < burst; i++) {
                out.put(stencil.bytes());
                stencil.next();
            }
            out.flip();
            while (out.hasRemaining()) {
                channel.write(out);
            }
            tally.sent += burst;
        }
    }

    /** Ends our side first, so that the receiver reads all of it before the connection goes. */
    @Override
    public void close() throws IOException {
        try (channel) {
            if (channel.isConnected()) {
                channel.shutdownOutput();
            }
        }
    }
}
