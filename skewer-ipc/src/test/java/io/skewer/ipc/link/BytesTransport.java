package io.skewer.ipc.link;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.IntUnaryOperator;

/** A transport in memory: reads what it was given, in chunks of given sizes, then ends; keeps what was written. */
final class BytesTransport implements Transport {
    private final ByteBuffer incoming;
    private final IntUnaryOperator chunkBytes;
    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private final Deque<Integer> arrived = new ArrayDeque<>();
    final List<Integer> sentDescriptors = new ArrayList<>();
    int reads;
    int writes;
    boolean failWrites;
    Runnable beforeEnd = () -> {};
    boolean closed;

    BytesTransport(byte... incoming) {
        this(incoming, _ -> Integer.MAX_VALUE);
    }

    /** Gives at most {@code chunkBytes(n)} bytes at the n-th read. */
    BytesTransport(byte[] incoming, IntUnaryOperator chunkBytes) {
        this.incoming = ByteBuffer.wrap(incoming);
        this.chunkBytes = chunkBytes;
    }

    byte[] written() {
        return written.toByteArray();
    }

    void descriptorArrives(int descriptor) {
        arrived.add(descriptor);
    }

    @Override
    public int read(ByteBuffer direct) throws IOException {
        if (closed) {
            throw new IOException("closed");
        }
        if (!direct.isDirect() || !direct.hasRemaining()) {
            throw new IllegalArgumentException("a direct buffer with room is due, not " + direct);
        }
        if (!incoming.hasRemaining()) {
            beforeEnd.run();
            return -1;
        }
        int wanted = Math.max(1, chunkBytes.applyAsInt(reads++));
        int count = Math.min(wanted, Math.min(incoming.remaining(), direct.remaining()));
        direct.put(incoming.slice(incoming.position(), count));
        incoming.position(incoming.position() + count);
        return count;
    }

    @Override
    public void write(ByteBuffer direct, int... descriptors) throws IOException {
        if (closed || failWrites) {
            throw new IOException("cannot write");
        }
        if (!direct.isDirect()) {
            throw new IllegalArgumentException("a direct buffer is due, not " + direct);
        }
        writes++;
        byte[] bytes = new byte[direct.remaining()];
        direct.get(bytes);
        written.writeBytes(bytes);
        for (int descriptor : descriptors) {
            sentDescriptors.add(descriptor);
        }
    }

    @Override
    public int takeDescriptor() throws IOException {
        Integer descriptor = arrived.poll();
        if (descriptor == null) {
            throw new IOException("no descriptor");
        }
        return descriptor;
    }

    @Override
    public void close() {
        closed = true;
    }
}
