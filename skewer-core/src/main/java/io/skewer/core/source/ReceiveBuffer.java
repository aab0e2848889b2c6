package io.skewer.core.source;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.DefaultMaxMessagesRecvByteBufAllocator;
import java.util.function.BooleanSupplier;

/**
 * Gives all sockets of one event loop the same buffer to read into. What is read is used up before the next read, so one buffer of
 * a fixed size is enough, and reading allocates nothing. Should somebody still hold it, a fresh one is given.
 *
 * <p>While there is no credit, a read is short: what it brings has to be held by its connection.
 */
final class ReceiveBuffer extends DefaultMaxMessagesRecvByteBufAllocator {
    private static final int BYTES_WHILE_PAUSED = 4096;
    private static final int READS_PER_TURN = 4;

    private final ByteBuf shared;
    private final BooleanSupplier paused;

    ReceiveBuffer(int bytes, BooleanSupplier paused) {
        super(READS_PER_TURN);
        this.shared = Unpooled.directBuffer(bytes, bytes);
        this.paused = paused;
    }

    @Override
    @SuppressWarnings("deprecation") // The return type is deprecated in the interface that has to be implemented.
    public Handle newHandle() {
        return new SharedHandle();
    }

    /** May be called twice. Never while somebody still reads into it: then the memory is left to the collector. */
    void release() {
        if (shared.refCnt() == 1) {
            shared.release();
        }
    }

    private final class SharedHandle extends MaxMessageHandle {
        @Override
        public int guess() {
            return shared.capacity();
        }

        @Override
        public ByteBuf allocate(ByteBufAllocator allocator) {
            if (paused.getAsBoolean()) {
                return allocator.directBuffer(
                        Math.min(BYTES_WHILE_PAUSED, guess()), Math.min(BYTES_WHILE_PAUSED, guess()));
            }
            if (shared.refCnt() != 1) {
                return allocator.directBuffer(guess(), guess());
            }
            return shared.clear().retain();
        }
    }
}
