package io.skewer.core.source;

import io.netty.channel.EventLoop;
import io.skewer.core.message.ByteBuilder;
import java.util.ArrayDeque;
import java.util.LinkedHashSet;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * One event loop with what its sockets share: the batch being filled, the buffers, the clock of the burst, and the queue of those
 * who wait for credit. Everything but {@link #drain} runs on the event loop.
 */
public final class Lane {
    /** One read takes at most this much: large, because each read is a system call, and one buffer serves all sockets. */
    static final int READ_BYTES = 128 * 1024;
    /** An incomplete frame up to this length is carried over the shared work buffer; see {@link StreamConnection}. */
    static final int SMALL_TAIL_BYTES = 16 * 1024;

    private static final long NS_PER_MS = 1_000_000;

    /** Somebody who stopped reading. */
    public interface Waiting {
        /** There is credit; to be found with {@link BatchAssembler#isPaused()} at every step. */
        void resume();
    }

    /** A socket with something to finish before a stop. */
    public interface Drainable {
        /** Reads no more, hands over what was received. */
        void stopReading();

        /** All that was handed over is kept: says good bye. @return done when the socket is closed */
        CompletableFuture<?> finish();
    }

    private final EventLoop loop;
    private final SourceContext context;
    private final BatchAssembler assembler;
    private final ReceiveBuffer receiveBuffer;
    private final byte[] work = new byte[SMALL_TAIL_BYTES + READ_BYTES];
    private final ByteBuilder answers = new ByteBuilder(1024);
    private final Queue<Waiting> waiting = new ArrayDeque<>();
    private final Set<Drainable> open = new LinkedHashSet<>();
    private final CompletableFuture<Void> drained = new CompletableFuture<>();
    private long burstNs;
    private boolean draining;

    Lane(EventLoop loop, SourceContext context) {
        this.loop = loop;
        this.context = context;
        burstNs = context.wallClockNs().getAsLong();
        assembler = new BatchAssembler(
                loop,
                context.outlet(),
                context.batchDelay(),
                () -> burstNs / NS_PER_MS,
                this::resume,
                this::finishIfDrained);
        receiveBuffer = new ReceiveBuffer(READ_BYTES, assembler::isPaused);
    }

    EventLoop loop() {
        return loop;
    }

    public BatchAssembler assembler() {
        return assembler;
    }

    public SourceContext context() {
        return context;
    }

    ReceiveBuffer receiveBuffer() {
        return receiveBuffer;
    }

    /** A buffer for the duration of one call. */
    byte[] work() {
        return work;
    }

    /** An empty builder for what is sent at once, for the duration of one call: it has the size of the largest burst of answers so far. */
    public ByteBuilder answers() {
        answers.clear();
        return answers;
    }

    /** Reads the clock: for all that follows until the next call. */
    public void beginBurst() {
        burstNs = context.wallClockNs().getAsLong();
    }

    /** When the burst was received, nanoseconds since 1970 UTC. */
    public long burstNs() {
        return burstNs;
    }

    /** Nothing more of this burst: the batch may go. */
    public void endBurst() {
        assembler.endBurst();
    }

    /** Calls {@code stopped} when there is credit again, after those who wait already. */
    public void await(Waiting stopped) {
        waiting.add(stopped);
    }

    public void opened(Drainable socket) {
        open.add(socket);
        if (draining) {
            socket.stopReading();
            var _ = socket.finish();
        }
    }

    public void closed(Drainable socket) {
        open.remove(socket);
    }

    /** @return done when all that was received is kept, all answers are written, and all sockets are closed */
    CompletableFuture<Void> drain() {
        loop.execute(() -> {
            draining = true;
            for (Drainable socket : Set.copyOf(open)) {
                socket.stopReading();
            }
            assembler.hurry();
        });
        return drained;
    }

    private void resume() {
        beginBurst();
        int rounds = waiting.size();
        while (rounds-- > 0 && !assembler.isPaused()) {
            Waiting next = waiting.poll();
            if (next != null) {
                next.resume();
            }
        }
        endBurst();
        finishIfDrained();
    }

    private void finishIfDrained() {
        if (!draining || !waiting.isEmpty() || !assembler.isIdle()) {
            return;
        }
        CompletableFuture<?>[] last =
                Set.copyOf(open).stream().map(Drainable::finish).toArray(CompletableFuture<?>[]::new);
        var _ = CompletableFuture.allOf(last).thenRun(() -> drained.complete(null));
    }
}
