package io.skewer.ipc.link;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

/**
 * How many bytes of batches the sender of a data link may still send. The receiver grants, the sender takes; below zero, by one
 * batch at most, when the last batch was larger than what was left. Safe for use by several threads; nobody polls.
 */
public final class Credit {
    /** More than any receiver grants; reached only by one that is broken. */
    static final long MAX_BYTES = 1L << 30;

    private final AtomicLong available = new AtomicLong();
    private final Lock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private List<Runnable> waiting = new ArrayList<>();
    private boolean closed;

    /** Zero or less: send nothing now. */
    public long available() {
        return available.get();
    }

    /** Takes what a batch needs, also when less is left. Never waits: whoever sends asked before. */
    public void take(long bytes) {
        available.addAndGet(-notNegative(bytes));
    }

    /**
     * Adds bytes and wakes who waits, when the account is positive now. Runs what {@link #whenPositive} left, on this thread.
     *
     * @throws ProtocolViolation when the account would be beyond all reason
     */
    public void grant(long bytes) throws ProtocolViolation {
        notNegative(bytes);
        if (bytes > MAX_BYTES || available.addAndGet(bytes) > MAX_BYTES) {
            throw new ProtocolViolation("credit above " + MAX_BYTES + " bytes");
        }
        wake();
    }

    /** Starts anew with nothing, for a link that takes the place of a broken one; who waits goes on waiting. */
    public void reset() {
        available.set(0);
    }

    /**
     * Waits until the account is positive.
     *
     * @return false when it was closed
     */
    public boolean awaitPositive() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (!closed && available.get() <= 0) {
                changed.await();
            }
            return !closed;
        } finally {
            lock.unlock();
        }
    }

    /** Runs {@code resume} once as soon as the account is positive: now on this thread, or later on the granting one. */
    public void whenPositive(Runnable resume) {
        lock.lock();
        try {
            if (closed) {
                return;
            }
            if (available.get() <= 0) {
                waiting.add(resume);
                return;
            }
        } finally {
            lock.unlock();
        }
        resume.run();
    }

    /** Ends all waiting; what waits for {@link #whenPositive} never runs. */
    public void close() {
        lock.lock();
        try {
            closed = true;
            waiting = new ArrayList<>();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void wake() {
        List<Runnable> due;
        lock.lock();
        try {
            if (available.get() <= 0) {
                return;
            }
            due = waiting;
            waiting = new ArrayList<>();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        due.forEach(Runnable::run);
    }

    private static long notNegative(long bytes) {
        if (bytes < 0) {
            throw new IllegalArgumentException(bytes + " bytes of credit");
        }
        return bytes;
    }
}
