package io.skewer.ipc.link;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;

/** A transport over two pipes of the kernel: real blocking, real chunks, no descriptors. */
public final class PipeTransport implements Transport {
    private final Pipe.SourceChannel source;
    private final Pipe.SinkChannel sink;

    private PipeTransport(Pipe in, Pipe out) {
        source = in.source();
        sink = out.sink();
    }

    /** Two ends of one stream. */
    public static PipeTransport[] pair() throws IOException {
        Pipe there = Pipe.open();
        Pipe back = Pipe.open();
        return new PipeTransport[] {new PipeTransport(there, back), new PipeTransport(back, there)};
    }

    @Override
    public int read(ByteBuffer direct) throws IOException {
        return source.read(direct);
    }

    @Override
    public void write(ByteBuffer direct, int... descriptors) throws IOException {
        while (direct.hasRemaining()) {
            sink.write(direct);
        }
    }

    @Override
    public int takeDescriptor() throws IOException {
        throw new IOException("pipes carry no descriptors");
    }

    @Override
    public void close() {
        try {
            source.close();
            sink.close();
        } catch (IOException cause) {
            throw new UncheckedIOException(cause);
        }
    }
}
