package io.skewer.ipc.os;

import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A descriptor that may be closed while other threads wait in a system call on it.
 *
 * <p>The system gives a closed number to the next file that is opened. A thread that was about to read when another one
 * closed would then read somebody else's bytes. So a number is closed only when nobody uses it: {@link #enter} counts the
 * users, {@link #close} refuses new ones, wakes those who wait, and the last one to leave closes. All of this is one
 * atomic number: its highest bit says closed, the others count.
 */
final class OpenDescriptor {
    private static final int CLOSED = 1 << 31;

    private final int number;
    private final AtomicInteger state = new AtomicInteger();

    OpenDescriptor(int number) {
        if (number < 0) {
            throw new IllegalArgumentException("descriptor " + number);
        }
        this.number = number;
    }

    /** The number, which is good until {@link #leave}. */
    int enter() throws ClosedChannelException {
        while (true) {
            int users = state.get();
            if (users < 0) {
                throw new ClosedChannelException();
            }
            if (state.compareAndSet(users, users + 1)) {
                return number;
            }
        }
    }

    void leave() {
        if (state.decrementAndGet() == CLOSED) {
            Descriptors.closeQuietly(number);
        }
    }

    /** To be asked after a call that failed or ended: that it did may be the work of {@link #close}. */
    void checkOpen() throws AsynchronousCloseException {
        if (state.get() < 0) {
            throw new AsynchronousCloseException();
        }
    }

    void close() {
        while (true) {
            int users = state.get();
            if (users < 0) {
                return;
            }
            // Closing counts as a use until the shutdown is done.
            if (state.compareAndSet(users, (users + 1) | CLOSED)) {
                SystemCalls.shutdown(number);
                leave();
                return;
            }
        }
    }

    boolean isOpen() {
        return state.get() >= 0;
    }
}
