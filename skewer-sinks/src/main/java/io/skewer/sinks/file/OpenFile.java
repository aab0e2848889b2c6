package io.skewer.sinks.file;

import io.skewer.core.message.ByteBuilder;
import io.skewer.sinks.Shipment;
import java.io.IOException;

/** An open file, the lines that wait to be written to it, and the records that these lines are. Used by one thread. */
final class OpenFile {
    private static final int FIRST_BUFFER_BYTES = 4096;

    private final byte[] name;
    private final LogFile file;
    private final int bufferBytes;
    private final Runs waiting = new Runs();
    private final Runs unsynced = new Runs();
    private ByteBuilder buffer;
    private long usedNs;
    private long checkedNs;
    private boolean isDirty;
    private boolean isListed;

    OpenFile(byte[] name, LogFile file, int bufferBytes, long nowNs) {
        this.name = name;
        this.file = file;
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

    LogFile file() {
        return file;
    }

    /** The line of that record stands complete in the buffer. */
    void wrote(Shipment shipment, int record, long nowNs) {
        waiting.add(shipment, record);
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

    boolean isFull() {
        return buffer.length() >= bufferBytes;
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
        return !file.isInPlace();
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
