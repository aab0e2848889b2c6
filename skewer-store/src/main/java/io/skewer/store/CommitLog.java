package io.skewer.store;

import io.skewer.store.segment.SegmentMaker;
import io.skewer.store.segment.SegmentWriter;
import io.skewer.store.segment.Segments;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Group commit: the one thread that writes the log.
 *
 * <h2>The group</h2>
 *
 * Whatever was appended while the last group was being written and synced is the next group: no timer, no batch size to tune. A lone
 * batch on an idle store is committed at once, and under load the cost of one sync is shared by all that came during the one before.
 *
 * <h2>The order of things</h2>
 *
 * Stage and seal all batches, write them, sync them when the store syncs, only then let readers see them, only then say that they are
 * kept. A destination is therefore never offered what a power loss could take back while its sender still believes it unsaved.
 *
 * <p>What takes long and need not be waited for happens beside: a segment that is half full has the next one made ready, one that is full is
 * closed, see {@link Rotation}.
 *
 * <h2>Failure</h2>
 *
 * A failed write or sync is the end of that file: a second sync may report success for pages that the kernel has dropped. What is
 * committed in it stays readable. The batches since then are still in memory; they go with the same numbers into a new segment, and a
 * reader takes such numbers only from there.
 *
 * <p>A full or read-only disk, or a limit of the operator, is no such failure: there the policy decides. {@code BLOCK}: the thread keeps
 * trying with growing pauses, nothing is kept, and senders are held back by the credit that they do not get. {@code DROP_OLDEST}: the
 * owner gives up the oldest segment, and the thread tries again. {@code DROP_NEWEST}: the group is answered and thrown away. Any other second failure within a minute is final: the owner of the process
 * is told, and nothing more is kept.
 */
final class CommitLog {
    private static final Logger LOG = LoggerFactory.getLogger(CommitLog.class);
    private static final long SECOND_FAILURE_NS = TimeUnit.MINUTES.toNanos(1);
    private static final long PAUSE_MIN_MS = 50;
    private static final long PAUSE_MAX_MS = 1000;
    private static final long NEVER = Long.MIN_VALUE;

    private final SegmentMaker maker;
    private final Segments segments;
    private final Tail tail;
    private final Room room;
    private final Rotation rotation;
    private final long segmentBytes;
    private final StoreMeasures measures;
    private final Owner owner;
    private final Thread thread = Thread.ofPlatform().name("skewer-commit").unstarted(this::run);

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition arrived = lock.newCondition();
    private List<Pending> queue = new ArrayList<>();
    private boolean closing;
    private volatile boolean halted;
    private volatile boolean full;

    // Of the commit thread only.
    private final ArrayDeque<Pending> uncommitted = new ArrayDeque<>();
    private @Nullable SegmentWriter writer;
    private long lastFailureNs = NEVER;
    private long pauseMs = PAUSE_MIN_MS;
    private boolean gaveUp;

    /**
     * Whom the log tells what happened.
     *
     * @param published runs when readers can see more batches
     * @param closed runs when a segment is closed for good
     * @param failed the log has ended: nothing more will be kept
     * @param giveUpOldest makes room by the loss of the oldest segment; answers whether there was one
     */
    record Owner(Runnable published, Runnable closed, Consumer<Throwable> failed, BooleanSupplier giveUpOldest) {}

    /** Where the log is and how it grows. */
    record Place(SegmentMaker maker, Segments segments, Tail tail, Room room, long segmentBytes) {}

    CommitLog(Place place, StoreMeasures measures, Owner owner) {
        this.maker = place.maker();
        this.segments = place.segments();
        this.tail = place.tail();
        this.room = place.room();
        this.rotation = new Rotation(maker, room, measures, new Rotation.Owner(owner.closed(), owner.failed()));
        this.segmentBytes = place.segmentBytes();
        this.measures = measures;
        this.owner = owner;
    }

    void start() {
        rotation.start();
        thread.start();
    }

    /** Safe for use by several threads; never waits for the disk. */
    void append(Pending pending) {
        lock.lock();
        try {
            if (closing) {
                throw new IllegalStateException("the store is closed");
            }
            queue.add(pending);
            if (queue.size() == 1) {
                arrived.signal();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Commits what was appended, closes the file and ends the thread. */
    void close() throws InterruptedException {
        end();
        thread.join();
        rotation.close(halted);
    }

    /** Ends the thread without writing anything more. */
    void halt() throws InterruptedException {
        halted = true;
        close();
    }

    private void end() {
        lock.lock();
        try {
            closing = true;
            arrived.signal();
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        try {
            List<Pending> group = take(new ArrayList<>());
            while (!group.isEmpty() && !halted && !gaveUp) {
                commit(group);
                group.clear();
                group = take(group);
            }
            sealLast();
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        } catch (IOException | RuntimeException cause) {
            LOG.atError().setMessage("store.failed").setCause(cause).log();
            end();
            owner.failed().accept(cause);
        }
    }

    /** @return the next group, in exchange for an empty list; empty at the end */
    private List<Pending> take(List<Pending> empty) throws InterruptedException {
        lock.lock();
        try {
            while (queue.isEmpty() && !closing) {
                arrived.await();
            }
            List<Pending> taken = queue;
            queue = empty;
            return taken;
        } finally {
            lock.unlock();
        }
    }

    private void commit(List<Pending> group) throws IOException, InterruptedException {
        long start = System.nanoTime();
        ArrayDeque<Pending> left = new ArrayDeque<>(group);
        while (!halted && !gaveUp && !left.isEmpty()) {
            try {
                while (!left.isEmpty()) {
                    stage(left.getFirst());
                    uncommitted.addLast(left.removeFirst());
                }
                finish();
            } catch (IOException cause) {
                while (!uncommitted.isEmpty()) {
                    left.addFirst(uncommitted.removeLast());
                }
                recover(cause, left);
            }
        }
        measures.commits.increment();
        measures.commitBatches.add(group.size());
        measures.commitNs.add(System.nanoTime() - start);
        measures.groupBatches.record(group.size());
    }

    /** Bytes of a segment that is made already and not in use yet. */
    long spareBytes() {
        return rotation.spareBytes();
    }

    /** Whether nothing can be kept for want of room. */
    boolean isFull() {
        return full;
    }

    private void stage(Pending pending) throws IOException, InterruptedException {
        SegmentWriter open = writer;
        if (open != null && !open.isEmpty() && open.bytesWith(pending.batch().length) > segmentBytes) {
            finish();
            writer = null;
            rotation.retire(open);
            open = null;
        }
        if (open == null) {
            open = rotation.next(tail.nextBatch(), tail.nextRecord());
            writer = open;
            segments.add(open.segment());
        }
        open.add(pending.batch(), pending.count());
    }

    /** Writes and syncs what is staged, lets readers see it, and says that it is kept. */
    private void finish() throws IOException {
        SegmentWriter open = writer;
        if (open == null || uncommitted.isEmpty()) {
            return;
        }
        open.write();
        if (maker.sync()) {
            long start = System.nanoTime();
            open.sync();
            long took = System.nanoTime() - start;
            measures.syncNs.add(took);
            measures.syncSeconds.record(took / 1e9);
        }
        open.commit();
        if (open.bytesWith(0) > segmentBytes / 2) {
            rotation.prepare();
        }
        tail.publish(uncommitted);
        owner.published().run();
        pauseMs = PAUSE_MIN_MS;
        full = false;
        while (!uncommitted.isEmpty()) {
            Pending pending = uncommitted.removeFirst();
            measures.stored(pending.source()).add(pending.count());
            measures.storedBytes.add(pending.batch().length);
            pending.kept().run();
        }
    }

    /** @throws IOException when it is no use to go on */
    private void recover(IOException cause, ArrayDeque<Pending> left) throws IOException, InterruptedException {
        boolean noRoom = Room.isFull(cause);
        if (!(cause instanceof NoRoomException)) {
            measures.writeFailures.increment();
        }
        if (!full) {
            if (noRoom) {
                LOG.atError()
                        .setMessage("store.full")
                        .addKeyValue("policy", room.policy().name().toLowerCase(Locale.ROOT))
                        .addKeyValue("reason", cause.getMessage())
                        .log();
            } else {
                LOG.atError().setMessage("store.write_failed").setCause(cause).log();
            }
        }
        abandon();
        if (noRoom) {
            full = true;
            makeRoom(left);
            return;
        }
        long now = System.nanoTime();
        if (lastFailureNs != NEVER && now - lastFailureNs < SECOND_FAILURE_NS) {
            throw cause;
        }
        lastFailureNs = now;
    }

    private void makeRoom(ArrayDeque<Pending> left) throws InterruptedException {
        switch (room.policy()) {
            case BLOCK -> pause();
            case DROP_OLDEST -> {
                if (!owner.giveUpOldest().getAsBoolean()) {
                    pause();
                }
            }
            case DROP_NEWEST -> {
                while (!left.isEmpty()) {
                    Pending pending = left.removeFirst();
                    measures.droppedNewest(pending.source()).add(pending.count());
                    pending.kept().run();
                }
            }
        }
    }

    /** Closing does not wait for space. */
    private void pause() throws InterruptedException {
        lock.lock();
        try {
            long leftNs = TimeUnit.MILLISECONDS.toNanos(pauseMs);
            while (leftNs > 0 && !closing) {
                leftNs = arrived.awaitNanos(leftNs);
            }
            if (closing) {
                LOG.atWarn()
                        .setMessage("store.closed_full")
                        .addKeyValue(
                                "effect",
                                "what waits was not kept: RELP senders have no answer and send it again, what TCP and UDP gave is lost")
                        .log();
                gaveUp = true;
            }
        } finally {
            lock.unlock();
        }
        pauseMs = Math.min(pauseMs * 2, PAUSE_MAX_MS);
    }

    private void abandon() {
        SegmentWriter broken = writer;
        writer = null;
        if (broken != null && !broken.abandon()) {
            segments.remove(broken.segment());
            try {
                broken.segment().delete();
            } catch (IOException later) {
                LOG.atWarn()
                        .setMessage("store.abandoned_segment_left")
                        .addKeyValue("file", broken.segment())
                        .setCause(later)
                        .log();
            }
        }
    }

    private void sealLast() {
        SegmentWriter open = writer;
        writer = null;
        if (open == null) {
            return;
        }
        if (halted) {
            open.abandon();
        } else {
            rotation.retire(open);
        }
    }
}
