package io.skewer.store;

import io.skewer.store.segment.SegmentMaker;
import io.skewer.store.segment.SegmentWriter;
import io.skewer.store.segment.SpareSegment;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the next segment ready and closes the one before, on a thread of its own. Both would cost whoever waits for a group tens or hundreds of
 * milliseconds: the zeros of a whole segment have to reach the disk, and closing syncs a file and a directory.
 *
 * <p>Nothing that is kept depends on either. A spare file that cannot be made is made when it is needed, and what is in the way is met there.
 * A segment that was not closed is closed by the next start.
 */
final class Rotation {
    private static final Logger LOG = LoggerFactory.getLogger(Rotation.class);

    private final SegmentMaker maker;
    private final Room room;
    private final StoreMeasures measures;
    private final Owner owner;
    private final Thread thread = Thread.ofPlatform().name("skewer-segments").unstarted(this::run);

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final ArrayDeque<SegmentWriter> full = new ArrayDeque<>();
    private @Nullable SpareSegment spare;
    private boolean wanted;
    /** Whether a spare was asked for since the last segment was begun: on a full disk one try is enough. */
    private boolean tried;

    private boolean making;
    private boolean closing;
    private boolean halted;

    /**
     * Whom this tells what happened.
     *
     * @param closed runs when a segment is closed for good, or will not be any more
     * @param failed there is a fault in the store itself
     */
    record Owner(Runnable closed, Consumer<Throwable> failed) {}

    Rotation(SegmentMaker maker, Room room, StoreMeasures measures, Owner owner) {
        this.maker = maker;
        this.room = room;
        this.measures = measures;
        this.owner = owner;
    }

    void start() {
        thread.start();
    }

    /** The next segment will be needed soon. Cheap; asked again and again. */
    void prepare() {
        lock.lock();
        try {
            if (!tried) {
                tried = true;
                wanted = true;
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * Begins a segment, with the spare file where there is one.
     *
     * @throws NoRoomException when there is none, and another segment would break a limit
     */
    SegmentWriter next(long firstBatch, long firstRecord) throws IOException, InterruptedException {
        SpareSegment ready = take();
        if (ready == null) {
            room.forSegment();
            ready = maker.reserve();
        }
        return maker.make(ready, firstBatch, firstRecord);
    }

    /** Waits for a spare file that is just being made: it will be ready sooner than another one. */
    private @Nullable SpareSegment take() throws InterruptedException {
        lock.lock();
        try {
            wanted = false;
            while (making) {
                changed.await();
            }
            SpareSegment ready = spare;
            spare = null;
            tried = false;
            return ready;
        } finally {
            lock.unlock();
        }
    }

    /** Closes a segment in which everything is committed. */
    void retire(SegmentWriter writer) {
        lock.lock();
        try {
            full.addLast(writer);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Bytes of the spare file. */
    long spareBytes() {
        lock.lock();
        try {
            return spare == null ? 0 : spare.bytes();
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        try {
            while (awaitWork()) {
                SegmentWriter last = takeFull();
                if (last != null) {
                    seal(last);
                } else {
                    makeSpare();
                }
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException fault) {
            LOG.atError().setMessage("store.failed").setCause(fault).log();
            owner.failed().accept(fault);
        }
    }

    /** @return false at the end, when all is closed that was retired */
    private boolean awaitWork() throws InterruptedException {
        lock.lock();
        try {
            while (!closing && full.isEmpty() && !wanted) {
                changed.await();
            }
            return !halted && (!full.isEmpty() || !closing);
        } finally {
            lock.unlock();
        }
    }

    private @Nullable SegmentWriter takeFull() {
        lock.lock();
        try {
            return full.pollFirst();
        } finally {
            lock.unlock();
        }
    }

    private void seal(SegmentWriter writer) {
        try {
            writer.seal(maker.sync());
        } catch (IOException cause) {
            writer.abandon();
            measures.writeFailures.increment();
            LOG.atError()
                    .setMessage("store.segment_not_closed")
                    .addKeyValue("file", writer.segment())
                    .addKeyValue("effect", "what is in it stays readable; the next start closes it")
                    .setCause(cause)
                    .log();
        }
        owner.closed().run();
    }

    private void makeSpare() {
        lock.lock();
        try {
            if (!wanted || closing) {
                return;
            }
            wanted = false;
            making = true;
        } finally {
            lock.unlock();
        }
        @Nullable SpareSegment made = null;
        try {
            room.forSegment();
            made = maker.reserve();
        } catch (IOException cause) {
            // Whoever needs the segment will try again, and say what is in the way.
            LOG.atDebug().setMessage("store.no_spare_segment").setCause(cause).log();
        } finally {
            lock.lock();
            try {
                spare = made;
                making = false;
                changed.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }

    /**
     * Closes what was retired, lets the spare file go and ends the thread.
     *
     * @param halt whether to do nothing more to the disk
     */
    void close(boolean halt) throws InterruptedException {
        lock.lock();
        try {
            closing = true;
            halted = halt;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        thread.join();
        SpareSegment left = spare;
        if (left != null && !halt) {
            try {
                left.discard();
            } catch (IOException cause) {
                LOG.atDebug()
                        .setMessage("store.spare_segment_left")
                        .setCause(cause)
                        .log();
            }
        }
    }
}
