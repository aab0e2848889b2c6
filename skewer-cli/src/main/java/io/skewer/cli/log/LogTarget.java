package io.skewer.cli.log;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/**
 * Where the records of this process go: one place, replaced once it is known. Until then they go to standard error. This is the
 * only state of its kind in the program, because loggers are found by static calls. Safe for use by several threads.
 */
public final class LogTarget {
    private static final AtomicReference<Consumer<LogRecord>> TARGET =
            new AtomicReference<>(new LogOutput(LogFormat.LOGFMT, new FileOutputStream(FileDescriptor.err)));

    private static final AtomicReference<LogLevel> THRESHOLD = new AtomicReference<>(LogLevel.INFO);

    /** Marks a thread that is just handing over a record: what the target itself logs would come back to it. */
    private static final ThreadLocal<Boolean> INSIDE = ThreadLocal.withInitial(() -> false);

    private static final AtomicLong LOST = new AtomicLong();

    private LogTarget() {}

    /** Sends all records from now on to {@code target}, which is called by every thread that logs and must not block. */
    public static void install(Consumer<LogRecord> target) {
        TARGET.set(target);
    }

    /** Drops all records below that level from now on. */
    public static void threshold(LogLevel level) {
        THRESHOLD.set(level);
    }

    /** Records that the target refused or logged itself. */
    public static long lost() {
        return LOST.get();
    }

    /** For the end of the process: waits until what was logged has left it, two seconds at most. What is logged later may be lost. */
    public static void drain() {
        if (TARGET.get() instanceof LogQueue queue) {
            queue.close();
        }
    }

    static boolean isEnabled(LogLevel level) {
        return level.compareTo(THRESHOLD.get()) >= 0;
    }

    /** Hands over a record; never throws. */
    public static void accept(LogRecord record) {
        if (INSIDE.get()) {
            LOST.incrementAndGet();
            return;
        }
        INSIDE.set(true);
        try {
            TARGET.get().accept(record);
        } catch (RuntimeException e) { // who logs is not to fail for it
            LOST.incrementAndGet();
        } finally {
            INSIDE.set(false);
        }
    }

    static long nowNs() {
        Instant now = Instant.now();
        return now.getEpochSecond() * 1_000_000_000L + now.getNano();
    }
}
