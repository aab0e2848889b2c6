package io.skewer.store;

import io.skewer.core.measure.Counter;
import io.skewer.store.frontier.Position;
import io.skewer.store.frontier.StateFile;
import io.skewer.store.frontier.StoreState;
import io.skewer.store.segment.Segment;
import io.skewer.store.segment.SegmentMaker;
import io.skewer.store.segment.Segments;
import java.io.IOException;
import java.util.List;
import java.util.SortedMap;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the frontiers to the state file, at most every {@value #INTERVAL_MS} ms and only when they moved, and deletes the segments that
 * everybody has passed: first the state says so and is synced, then the files go. A crash between the two deletes at the next start; the
 * other way round it would look like a loss.
 */
final class StateKeeper {
    static final int INTERVAL_MS = 200;
    private static final Logger LOG = LoggerFactory.getLogger(StateKeeper.class);

    /** Where the state comes from, and where it is counted that a file did not go. */
    record Sources(
            UUID store,
            Tail tail,
            Segments segments,
            SegmentMaker maker,
            Supplier<SortedMap<String, Position>> frontiers,
            Counter deleteFailures) {}

    private final StateFile file;
    private final Sources sources;
    private final Thread thread = Thread.ofPlatform().name("skewer-store-state").unstarted(this::run);

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private boolean dirty;
    private boolean urgent;
    private boolean closing;

    // Of the keeper's thread, and after its end of the closing one.
    private long generation;
    private long firstSegment;

    /** @param written the state that the file holds */
    StateKeeper(StateFile file, StoreState written, Sources sources) {
        this.file = file;
        this.sources = sources;
        this.generation = written.generation();
        this.firstSegment = written.firstSegment();
    }

    void start() {
        thread.start();
        if (!passed(sources.frontiers().get(), sources.tail().end()).isEmpty()) {
            moved();
        }
    }

    /** A frontier moved. Cheap; safe for use by several threads. */
    void moved() {
        lock.lock();
        try {
            if (!dirty) {
                dirty = true;
                changed.signal();
            }
        } finally {
            lock.unlock();
        }
    }

    /** A segment shall go soon. Safe for use by several threads. */
    void hurry() {
        lock.lock();
        try {
            dirty = true;
            urgent = true;
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        try {
            while (awaitChange()) {
                try {
                    save(false);
                } catch (IOException cause) {
                    LOG.atError()
                            .setMessage("store.state_not_written")
                            .setCause(cause)
                            .log();
                    moved();
                }
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    /** @return false when the store closes */
    private boolean awaitChange() throws InterruptedException {
        lock.lock();
        try {
            while (!dirty && !closing) {
                changed.await();
            }
            long leftNs = TimeUnit.MILLISECONDS.toNanos(INTERVAL_MS);
            while (leftNs > 0 && !closing && !urgent) {
                leftNs = changed.awaitNanos(leftNs);
            }
            dirty = false;
            urgent = false;
            return !closing;
        } finally {
            lock.unlock();
        }
    }

    private void save(boolean clean) throws IOException {
        // The frontiers first: the end of the log that is read after them is never before them.
        SortedMap<String, Position> frontiers = sources.frontiers().get();
        Position end = sources.tail().end();
        List<Segment> passed = passed(frontiers, end);
        if (!passed.isEmpty()) {
            firstSegment = passed.getLast().id() + 1;
        }
        StoreState state = new StoreState(sources.store(), generation + 1, clean, firstSegment, end, frontiers);
        file.write(state, clean || sources.maker().sync() || !passed.isEmpty());
        generation++;
        passed.forEach(this::delete);
    }

    /** The segments that nobody needs any more. */
    private List<Segment> passed(SortedMap<String, Position> frontiers, Position end) {
        long needed =
                frontiers.values().stream().mapToLong(Position::batch).min().orElse(end.batch());
        return sources.segments().passed(needed, end.batch());
    }

    /** What stays is tried again with the next state, and at the next start. */
    private void delete(Segment segment) {
        try {
            segment.delete();
            sources.segments().remove(segment);
        } catch (IOException cause) {
            sources.deleteFailures().increment();
            LOG.atError()
                    .setMessage("store.segment_not_deleted")
                    .addKeyValue("file", segment)
                    .setCause(cause)
                    .log();
            moved();
        }
    }

    /** Writes the last state and closes the file. */
    void close() throws IOException, InterruptedException {
        halt();
        try (file) {
            save(true);
        }
    }

    /** Ends the thread without writing anything more. */
    void halt() throws InterruptedException {
        lock.lock();
        try {
            closing = true;
            changed.signal();
        } finally {
            lock.unlock();
        }
        thread.join();
    }
}
