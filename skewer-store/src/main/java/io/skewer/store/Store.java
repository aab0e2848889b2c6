package io.skewer.store;

import io.skewer.core.measure.Measures;
import io.skewer.core.message.Batch;
import io.skewer.store.deadletter.DeadLetters;
import io.skewer.store.deadletter.Gone;
import io.skewer.store.deadletter.LetterLog;
import io.skewer.store.disk.Disk;
import io.skewer.store.frontier.Position;
import io.skewer.store.frontier.StateFile;
import io.skewer.store.order.Order;
import io.skewer.store.recover.Quarantine;
import io.skewer.store.recover.Recovery;
import io.skewer.store.segment.Segment;
import io.skewer.store.segment.SegmentHeader;
import io.skewer.store.segment.SegmentHeader.Kind;
import io.skewer.store.segment.SegmentMaker;
import io.skewer.store.segment.Segments;
import io.skewer.store.segment.StoreKeys;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.stream.LongStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps batches until every destination has settled them. Safe for use by several threads.
 *
 * <h2>How a batch goes through</h2>
 *
 * {@link #append} puts it into the next group of the {@link CommitLog}, whose thread writes it to the open segment, syncs when asked to,
 * shows it to readers through the {@link Tail}, and runs {@code kept}. Each {@link DestinationQueue} offers batches in the order of the
 * log, from the tail's memory while its consumer keeps up, else from the segment files. Settlements move its frontier, in any order; the
 * {@link StateKeeper} writes frontiers down and deletes segments that all have passed.
 *
 * <h2>What may be believed after a crash</h2>
 *
 * Every batch whose {@code kept} ran is in the log: after the death of the process always, after a power loss when the store syncs.
 * Frontiers may have fallen back by what was in flight and {@value StateKeeper#INTERVAL_MS} ms of settlements: those are offered again.
 * Nothing is offered that was not appended. {@link Recovery} says how this is restored.
 *
 * <h2>What is bounded</h2>
 *
 * Memory: batches appended and not kept, by the credit that the callers give; the tail; per destination the batches in flight. The time
 * to start: one segment is scanned. The disk, to one segment, by the limits of the operator, see {@link Room}.
 */
public final class Store {
    private static final Logger LOG = LoggerFactory.getLogger(Store.class);

    private static final long ORDER_PATIENCE_S = 30;
    private static final int REPLAY_MAX = 100_000;

    private final Closeable lock;
    private final Tail tail;
    private final CommitLog log;
    private final DeadLetters deadLetters;
    private final StateKeeper keeper;
    private final Segments segments;
    private final LetterLog letters;
    private final OrderBox orders;
    private final List<String> configured;
    private final ConcurrentSkipListMap<String, DestinationQueue> queues = new ConcurrentSkipListMap<>();

    /**
     * Opens the store in a directory, which is made when it is not there.
     *
     * @param onFailure runs, on a thread of the store, when the disk fails for good, which is logged before: nothing is kept any
     *     more, the process should end
     * @throws io.skewer.store.disk.StoreInUseException when another process has it open
     * @throws io.skewer.store.recover.WrongSecretException when it was written with another secret; nothing was touched
     */
    public static Store open(Path directory, StoreSettings settings, Measures measures, Consumer<Throwable> onFailure)
            throws IOException {
        return open(Surroundings.real(directory), settings, measures, onFailure);
    }

    static Store open(
            Surroundings surroundings, StoreSettings settings, Measures measures, Consumer<Throwable> onFailure)
            throws IOException {
        Closeable lock = surroundings.disk().lock();
        try {
            return new Store(lock, surroundings, settings, measures, onFailure);
        } catch (IOException | RuntimeException cause) {
            lock.close();
            throw cause;
        }
    }

    private Store(
            Closeable lock,
            Surroundings surroundings,
            StoreSettings settings,
            Measures measures,
            Consumer<Throwable> onFailure)
            throws IOException {
        this.lock = lock;
        Disk disk = surroundings.disk();
        this.configured = settings.destinations();
        StoreKeys keys =
                StoreKeys.of(settings.secrets().present(), settings.secrets().old());
        Quarantine quarantine = new Quarantine(disk, measures);
        Recovery.Recovered found = new Recovery(disk, keys, quarantine, surroundings::newName, settings.strict())
                .run(settings.destinations());
        StateFile stateFile = new StateFile(disk, keys, !found.stateReadable());
        stateFile.write(found.state(), true);
        disk.makeFolder(Recovery.DEAD_LETTERS_FOLDER);

        Segments segments = new Segments(found.log().segments());
        StoreMeasures counters = new StoreMeasures(measures, settings.failureReasons());
        counters.deleteFailures.add(found.deleteFailures());
        this.tail = new Tail(found.log().next().batch(), found.log().next().recordNumber());
        SegmentMaker maker = new SegmentMaker(
                disk,
                keys,
                new SegmentMaker.Place(
                        Recovery.LOG_FOLDER, Kind.LOG, found.state().store(), settings.fsync()),
                new SegmentMaker.Start(found.log().nextSegment(), settings.segmentBytes()),
                surroundings.random());
        this.letters = new LetterLog(disk, keys, quarantine);
        Room room = new Room(disk, settings.limits(), settings.segmentBytes(), () -> segments.bytes() + letterBytes());
        this.segments = segments;
        this.log = new CommitLog(
                new CommitLog.Place(maker, segments, tail, room, settings.segmentBytes()),
                counters,
                new CommitLog.Owner(this::wakeQueues, this::segmentClosed, onFailure, this::giveUpOldest));
        SegmentMaker deadMaker = new SegmentMaker(
                disk,
                keys,
                new SegmentMaker.Place(
                        Recovery.DEAD_LETTERS_FOLDER,
                        Kind.DEAD_LETTERS,
                        found.state().store(),
                        settings.fsync()),
                new SegmentMaker.Start(found.deadLetters().nextSegment(), 0),
                surroundings.random());
        LogReader deadReader = new LogReader(tail, segments, keys, quarantine);
        this.deadLetters = new DeadLetters(
                deadMaker,
                number -> readExactly(deadReader, number),
                found.deadLetters().next().batch(),
                surroundings.clockMs());
        this.keeper = new StateKeeper(
                stateFile,
                found.state(),
                new StateKeeper.Sources(
                        found.state().store(), tail, segments, maker, this::frontiers, counters.deleteFailures));
        var shared = new DestinationQueue.Shared(
                tail,
                deadLetters,
                number -> new LetterLog(disk, keys, quarantine).find(number),
                counters,
                new DestinationQueue.Clock(keeper::moved, surroundings.clockMs()));
        for (Map.Entry<String, Position> entry : found.state().frontiers().entrySet()) {
            LogReader reader = new LogReader(tail, segments, keys, quarantine);
            queues.put(entry.getKey(), new DestinationQueue(entry.getKey(), entry.getValue(), reader, shared));
        }
        showGauges(measures, segments);
        this.orders = new OrderBox(disk, this::execute);
        log.start();
        deadLetters.start();
        keeper.start();
        orders.start();
        LOG.atInfo()
                .setMessage("store.open")
                .addKeyValue("segments", segments.count())
                .addKeyValue("next_batch", tail.nextBatch())
                .addKeyValue("encrypted", keys.encrypt())
                .addKeyValue("fsync", settings.fsync())
                .log();
    }

    private static Optional<byte[]> readExactly(LogReader reader, long number) {
        try {
            Tail.Entry entry = reader.read(number, number + 1);
            return entry == null || entry.number() != number ? Optional.empty() : Optional.of(entry.batch());
        } catch (IOException cause) {
            LOG.atError()
                    .setMessage("store.read_failed")
                    .addKeyValue("batch", number)
                    .setCause(cause)
                    .log();
            return Optional.empty();
        }
    }

    private void showGauges(Measures measures, Segments segments) {
        queues.forEach((name, queue) -> {
            measures.gauge(
                    "skewer_queue_messages",
                    "Stored messages that a destination has not settled",
                    queue::depthMessages,
                    "destination",
                    name);
            measures.gauge(
                    "skewer_queue_batches",
                    "Stored batches that a destination has not settled",
                    queue::depthBatches,
                    "destination",
                    name);
        });
        measures.gauge("skewer_store_segments", "Files of the log", segments::count);
        measures.gauge("skewer_store_bytes", "Bytes in files of the log", () -> segments.bytes() + log.spareBytes());
        measures.gauge("skewer_store_full", "1 while nothing can be kept for want of room", () -> log.isFull() ? 1 : 0);
        measures.gauge("skewer_dead_letters", "Dead letters ever kept", () -> deadLetters.nextLetter() - 1);
    }

    /**
     * Takes a batch, which belongs to the store from now on; never waits for the disk. Batches of one thread keep their order.
     *
     * @param batch in the form of {@link Batch}
     * @param source who brings it, for the counters: {@code relp}
     * @param kept runs on the commit thread as soon as the batch is kept; must be quick and not throw
     * @throws IllegalArgumentException when the bytes are no batch, or too long
     * @throws IllegalStateException when the store is closed or has failed
     */
    public void append(byte[] batch, String source, Runnable kept) {
        if (batch.length > Batch.HEADER_BYTES + Batch.MAX_BYTES) {
            throw new IllegalArgumentException("batch of " + batch.length + " bytes");
        }
        int count = Batch.read(batch, 0, batch.length).count();
        log.append(new Pending(batch, count, source, kept));
    }

    /** Whether nothing can be kept for want of room, as of the last try. */
    public boolean isFull() {
        return log.isFull();
    }

    /**
     * Begins to offer what a destination has not settled, in the order of the log; ends the subscription before.
     *
     * @throws IllegalArgumentException when the store does not know the destination
     */
    public Subscription subscribe(String destination) {
        DestinationQueue queue = queues.get(destination);
        if (queue == null) {
            throw new IllegalArgumentException("no destination " + destination);
        }
        return queue.subscribe();
    }

    /** Forgets a destination and everything that only it still needed. @return whether the store knew it */
    public boolean drop(String destination) {
        DestinationQueue queue = queues.remove(destination);
        if (queue == null) {
            return false;
        }
        queue.close();
        queue.closeReader();
        keeper.moved();
        LOG.atWarn()
                .setMessage("store.destination_dropped")
                .addKeyValue("destination", destination)
                .addKeyValue("messages", queue.depthMessages())
                .log();
        return true;
    }

    /**
     * Offers dead letters to their destination once more. Not remembered across a restart: they stay letters until they are delivered.
     *
     * @return whether the store knows the destination
     */
    public boolean replay(String destination, Collection<Long> numbers) {
        DestinationQueue queue = queues.get(destination);
        if (queue != null) {
            queue.replay(numbers);
        }
        return queue != null;
    }

    /** Forgets dead letters for good, and deletes files that hold no others. Waits until that is written. */
    public void dropLetters(Collection<Gone> gone) throws IOException, InterruptedException {
        CountDownLatch kept = new CountDownLatch(gone.size());
        for (Gone range : gone) {
            deadLetters.forget(range, kept::countDown);
        }
        if (!kept.await(ORDER_PATIENCE_S, TimeUnit.SECONDS)) {
            throw new IOException("the dead letters could not be written within " + ORDER_PATIENCE_S + " s");
        }
        letters.deleteGone();
    }

    /**
     * Carries out what a command asks for.
     *
     * @return what was done, one line
     * @throws IOException why it was refused, in words for the operator
     */
    public String execute(Order order) throws IOException, InterruptedException {
        return switch (order) {
            case Order.DropDestination(String name) -> {
                if (configured.contains(name)) {
                    throw new IOException(name + " is configured; remove it from main.destination and restart first");
                }
                if (!drop(name)) {
                    throw new IOException("the store knows no destination " + name);
                }
                yield "forgot " + name;
            }
            case Order.DropLetters(List<Gone> ranges) -> {
                dropLetters(ranges);
                yield "dropped " + count(ranges) + " dead letters";
            }
            case Order.Replay(String name, List<Gone> ranges) -> {
                List<Long> numbers = ranges.stream()
                        .flatMapToLong(range -> LongStream.range(range.from(), range.to()))
                        .limit(REPLAY_MAX)
                        .boxed()
                        .toList();
                if (!configured.contains(name) || !replay(name, numbers)) {
                    throw new IOException(name + " is not configured, so nothing can be delivered to it");
                }
                yield "offered " + numbers.size() + " dead letters to " + name + " again";
            }
        };
    }

    private static long count(List<Gone> ranges) {
        return ranges.stream().mapToLong(range -> range.to() - range.from()).sum();
    }

    private long letterBytes() {
        try {
            return letters.segments().stream()
                    .mapToLong(Segment::committedBytes)
                    .sum();
        } catch (IOException cause) {
            LOG.atWarn()
                    .setMessage("store.dead_letters_not_counted")
                    .setCause(cause)
                    .log();
            return 0;
        }
    }

    /** Makes room: the oldest segment goes, whoever still needs it. @return whether there was one beside the newest */
    private boolean giveUpOldest() {
        List<Segment> all = segments.all();
        if (all.isEmpty()) {
            return false;
        }
        Segment oldest = all.getFirst();
        SegmentHeader next = all.size() > 1 ? all.get(1).header() : null;
        Position place = next == null ? tail.end() : new Position(next.firstBatch(), 0, next.firstRecord());
        queues.values().forEach(queue -> queue.giveUp(place));
        keeper.hurry();
        return awaitGone(oldest);
    }

    private boolean awaitGone(Segment segment) {
        long endNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(1);
        while (segments.all().contains(segment)) {
            if (System.nanoTime() > endNs) {
                return false;
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
        }
        return true;
    }

    /** It may go now, if nobody needs it. */
    private void segmentClosed() {
        keeper.moved();
    }

    private void wakeQueues() {
        queues.values().forEach(DestinationQueue::wake);
    }

    private SortedMap<String, Position> frontiers() {
        SortedMap<String, Position> positions = new TreeMap<>();
        queues.forEach((name, queue) -> positions.put(name, queue.position()));
        return positions;
    }

    /** Ends all subscriptions, keeps what was appended, writes the frontiers, and lets the directory go. */
    public void close() throws IOException, InterruptedException {
        try (lock) {
            orders.close();
            queues.values().forEach(DestinationQueue::close);
            log.close();
            deadLetters.close();
            keeper.close();
            queues.values().forEach(DestinationQueue::closeReader);
        }
    }

    /** Stops as a killed process would: nothing more is written. For tests. */
    void halt() throws IOException, InterruptedException {
        try (lock) {
            orders.close();
            queues.values().forEach(DestinationQueue::close);
            log.halt();
            keeper.halt();
            deadLetters.halt();
            queues.values().forEach(DestinationQueue::closeReader);
        }
    }
}
