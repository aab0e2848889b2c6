package io.skewer.cli.log;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Stands between the threads that log and a target that may be slow: a pipe, a file, the control link. Who logs never waits: what
 * the queue cannot take is dropped and counted, and the count is logged when there is room again. Repeated records are counted
 * instead of passed on. One thread of its own calls the target.
 */
public final class LogQueue implements Consumer<LogRecord>, AutoCloseable {
    static final int CAPACITY = 1024;

    private static final long IDLE_MS = 1000;
    private static final long CLOSE_MS = 2000;

    /** Wakes the thread when nothing else would. */
    private static final LogRecord END = new LogRecord(0, LogLevel.DEBUG, "", "", List.of(), "");

    private final Consumer<LogRecord> target;
    private final LongSupplier nanoClock;
    private final BlockingQueue<LogRecord> queue = new ArrayBlockingQueue<>(CAPACITY);
    private final LogRepeats repeats = new LogRepeats();
    private final AtomicLong dropped = new AtomicLong();
    private final Thread thread;
    private volatile boolean closing;

    public LogQueue(Consumer<LogRecord> target) {
        this(target, System::nanoTime);
    }

    LogQueue(Consumer<LogRecord> target, LongSupplier nanoClock) {
        this.target = target;
        this.nanoClock = nanoClock;
        thread = new Thread(this::run, "log");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void accept(LogRecord record) {
        Optional<LogRecord> passed;
        synchronized (repeats) {
            passed = repeats.pass(record, nanoClock.getAsLong());
        }
        if (passed.isPresent() && !queue.offer(passed.get())) {
            dropped.incrementAndGet();
        }
    }

    /** Records that found no room so far and were not reported yet. */
    public long dropped() {
        return dropped.get();
    }

    private void run() {
        try {
            while (!closing || !queue.isEmpty()) {
                LogRecord record = next();
                if (record == null) {
                    reportRest(nanoClock.getAsLong());
                } else if (!record.equals(END)) {
                    deliver(record);
                }
                reportDropped();
            }
            reportRest(nanoClock.getAsLong() + LogRepeats.SECOND_NS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the process ends
        }
    }

    /** The next record, or null when it is time to look after repeated ones. Sleeps until somebody logs when there are none. */
    private @Nullable LogRecord next() throws InterruptedException {
        if (closing) {
            return queue.poll();
        }
        boolean atRest;
        synchronized (repeats) {
            atRest = repeats.isEmpty();
        }
        return atRest ? queue.take() : queue.poll(IDLE_MS, TimeUnit.MILLISECONDS);
    }

    private void reportRest(long nowNs) {
        List<LogRecord> rest;
        synchronized (repeats) {
            rest = new ArrayList<>(repeats.rest(nowNs, LogTarget.nowNs()));
        }
        rest.forEach(this::deliver);
    }

    private void reportDropped() {
        long count = dropped.get();
        if (count > 0) {
            LogRecord report = new LogRecord(
                    LogTarget.nowNs(),
                    LogLevel.WARN,
                    LogQueue.class.getName(),
                    "log.dropped",
                    List.of(new LogRecord.Pair("records", Long.toString(count))),
                    "");
            if (tryDeliver(report)) {
                dropped.addAndGet(-count);
            }
        }
    }

    private void deliver(LogRecord record) {
        if (!tryDeliver(record)) {
            dropped.incrementAndGet();
        }
    }

    private boolean tryDeliver(LogRecord record) {
        try {
            target.accept(record);
            return true;
        } catch (RuntimeException e) { // a record that cannot be written must not end the log
            return false;
        }
    }

    /** Writes what is waiting, for at most two seconds. */
    @Override
    public void close() {
        closing = true;
        boolean woken = queue.offer(END);
        assert woken || !queue.isEmpty(); // when it is full, the thread is awake
        try {
            thread.join(CLOSE_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
