package io.skewer.store;

import io.skewer.store.frontier.Position;
import java.util.ArrayDeque;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The end of the log: where the next batch goes, and the batches just committed, so that a destination that keeps up never reads a
 * file. Bounded by bytes and number. Safe for use by several threads.
 */
final class Tail {
    static final long BYTES_MAX = 8L * 1024 * 1024;
    private static final int BATCHES_MAX = 8192;

    /** A committed batch. */
    record Entry(long number, long firstRecord, int count, byte[] batch) {}

    private final ReentrantLock lock = new ReentrantLock();
    /** A ring by number: entry n stands at n modulo its length, and numbers in it have no gaps. */
    private final @Nullable Entry[] ring = new Entry[BATCHES_MAX];

    private long firstNumber;
    private long bytes;
    private volatile long nextBatch;
    private volatile long nextRecord;

    Tail(long nextBatch, long nextRecord) {
        this.firstNumber = nextBatch;
        this.nextBatch = nextBatch;
        this.nextRecord = nextRecord;
    }

    /** Adds committed batches with the numbers that follow. */
    void publish(ArrayDeque<Pending> committed) {
        lock.lock();
        try {
            for (Pending pending : committed) {
                add(pending);
            }
        } finally {
            lock.unlock();
        }
    }

    private void add(Pending pending) {
        long number = nextBatch;
        if (number - firstNumber == BATCHES_MAX) {
            forgetFirst();
        }
        long record = nextRecord;
        ring[(int) (number % BATCHES_MAX)] = new Entry(number, record, pending.count(), pending.batch());
        bytes += pending.batch().length;
        nextRecord = record + pending.count();
        nextBatch = number + 1;
        while (bytes > BYTES_MAX && firstNumber < number) {
            forgetFirst();
        }
    }

    private void forgetFirst() {
        int place = (int) (firstNumber % BATCHES_MAX);
        Entry first = ring[place];
        if (first != null) {
            bytes -= first.batch().length;
            ring[place] = null;
        }
        firstNumber++;
    }

    /** @return the batch, or null when it is not held here */
    @Nullable
    Entry find(long number) {
        lock.lock();
        try {
            return number >= firstNumber && number < nextBatch ? ring[(int) (number % BATCHES_MAX)] : null;
        } finally {
            lock.unlock();
        }
    }

    /** Where the next batch goes. */
    Position end() {
        lock.lock();
        try {
            return new Position(nextBatch, 0, nextRecord);
        } finally {
            lock.unlock();
        }
    }

    /** The number of the next batch: all before it are committed. */
    long nextBatch() {
        return nextBatch;
    }

    /** How many records the log has taken. */
    long nextRecord() {
        return nextRecord;
    }
}
