package io.skewer.cli;

import io.skewer.ipc.link.Link;
import io.skewer.ipc.link.Side;
import io.skewer.ipc.link.Transport;
import io.skewer.ipc.seal.SessionSecret;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;

/** Two ends of a link in one process, over pipes of the kernel: whoever writes to an end that nobody reads is blocked, as in production. */
public record LinkPair(Link parent, Link child) {
    public static LinkPair open() throws IOException {
        Pipe down = Pipe.open();
        Pipe up = Pipe.open();
        SessionSecret secret = SessionSecret.random();
        return new LinkPair(
                new Link(new PipeEnd(up.source(), down.sink()), secret, Side.PARENT, true),
                new Link(new PipeEnd(down.source(), up.sink()), secret, Side.CHILD, true));
    }

    private record PipeEnd(Pipe.SourceChannel in, Pipe.SinkChannel out) implements Transport {
        @Override
        public int read(ByteBuffer direct) throws IOException {
            return in.read(direct);
        }

        @Override
        public void write(ByteBuffer direct, int... descriptors) throws IOException {
            while (direct.hasRemaining()) {
                out.write(direct);
            }
        }

        @Override
        public int takeDescriptor() throws IOException {
            throw new IOException("pipes carry no descriptors");
        }

        @Override
        public void close() {
            try {
                in.close();
                out.close();
            } catch (IOException cause) {
                throw new UncheckedIOException(cause);
            }
        }
    }
}
