package io.skewer.sinks.file;

import io.skewer.core.message.ByteBuilder;
import io.skewer.sinks.Failure;
import io.skewer.sinks.HeldWeight;
import io.skewer.sinks.Refusals;
import io.skewer.sinks.Shipment;
import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A file, the lines that wait to be written to it, and the records that these lines are. It is not open yet as long as it is refused. Used
 * by one thread.
 */
final class OpenFile {
    private static final int FIRST_BUFFER_BYTES = 4096;
    private static final int MAX_ATTEMPTS = 8;
    private static final Duration LATER = Duration.ofMillis(100);
    private static final long SAY_AGAIN_NS = 10_000_000_000L;

    private final byte[] name;
    private final Refusals refusals;
    private final HeldWeight held;
    private final int bufferBytes;
    private final Runs waiting = new Runs();
    private final Runs unsynced = new Runs();
    private @Nullable LogFile file;
    private @Nullable FileRefusal refusal;
    private ByteBuilder buffer;
    private long usedNs;
    private long checkedNs;
    private long saidNs;
    private boolean isDirty;
    private boolean isListed;

    /** @param held what waits for files to be opened */
    OpenFile(byte[] name, int bufferBytes, Refusals refusals, HeldWeight held, long nowNs) {
        this.name = name;
        this.refusals = refusals;
        this.held = held;
        this.bufferBytes = bufferBytes;
        buffer = new ByteBuilder(Math.min(FIRST_BUFFER_BYTES, bufferBytes));
        usedNs = nowNs;
        checkedNs = nowNs;
    }

    byte[] name() {
        return name;
    }

    /** Where the next line goes. */
    ByteBuilder buffer() {
        return buffer;
    }

    /** @throws IllegalStateException while it is not open */
    LogFile file() {
        LogFile open = file;
        if (open == null) {
            throw new IllegalStateException("not open");
        }
        return open;
    }

    boolean isOpen() {
        return file != null;
    }

    void opened(LogFile now) {
        file = now;
        waiting.leave(held);
    }

    /** Whether it could not be opened once. */
    boolean isRefused() {
        return refusal != null;
    }

    /** It may not be opened. */
    void refused(FileRefusal why, long nowNs) {
        refusal = why;
        refusals.add(nowNs, nowNs);
    }

    /** To be tried again soon, though the refusal says nothing about this file. */
    void later(FileRefusal why, long nowNs) {
        refusal = why;
        refusals.later(nowNs, LATER);
    }

    /** When it may be tried again. */
    long dueNs() {
        return refusals.dueNs();
    }

    boolean isDue(long nowNs) {
        return nowNs - dueNs() >= 0;
    }

    boolean isHopeless() {
        return refusals.count() >= MAX_ATTEMPTS;
    }

    /** Whether enough time has passed since it was last said that its records fail. */
    boolean shallSay(long nowNs) {
        boolean shall = saidNs == 0 || nowNs - saidNs > SAY_AGAIN_NS;
        saidNs = shall ? nowNs : saidNs;
        return shall;
    }

    /** How its records fail; only after a refusal. */
    Failure failure() {
        return Objects.requireNonNull(refusal).after(Math.max(1, refusals.count()));
    }

    /** None of its lines will be written. @return how many records fail with it */
    int giveUp() {
        buffer.clear();
        isDirty = false;
        waiting.leave(held);
        return waiting.fail(failure());
    }

    /** The line of that record stands complete in the buffer. */
    void wrote(Shipment shipment, int record, long nowNs) {
        waiting.add(shipment, record);
        if (file == null) {
            held.add(shipment);
        }
        usedNs = nowNs;
        isDirty = true;
    }

    /** Whether the file stands in the list of those to be flushed. */
    boolean isListed() {
        return isListed;
    }

    void setListed(boolean listed) {
        isListed = listed;
    }

    /** Whether its lines cannot wait any longer. */
    boolean isFull() {
        return buffer.length() >= bufferBytes || (file == null && held.isFull());
    }

    boolean isDirty() {
        return isDirty;
    }

    long unusedForNs(long nowNs) {
        return nowNs - usedNs;
    }

    /** Whether somebody has taken the file away; looks at most once in {@code intervalNs}. */
    boolean isMoved(long nowNs, long intervalNs) throws IOException {
        if (nowNs - checkedNs < intervalNs) {
            return false;
        }
        checkedNs = nowNs;
        LogFile open = file;
        return open != null && !open.isInPlace();
    }

    /** The buffer is in the file. @return how many records settled */
    int written(boolean awaitsSync) {
        buffer.clear();
        if (buffer.array().length > 2 * bufferBytes) {
            buffer = new ByteBuilder(bufferBytes);
        }
        if (awaitsSync) {
            waiting.moveTo(unsynced);
            return 0;
        }
        isDirty = false;
        return waiting.settle();
    }

    /** The disk has all that was written. @return how many records settled */
    int synced() {
        isDirty = false;
        return unsynced.settle();
    }
}
