package io.skewer.store;

import io.skewer.core.measure.Counter;
import io.skewer.core.message.Batch;
import io.skewer.store.deadletter.DeadLetter;
import io.skewer.store.deadletter.DeadLetters;
import io.skewer.store.deadletter.Failed;
import io.skewer.store.deadletter.Gone;
import io.skewer.store.deadletter.Refusal;
import io.skewer.store.frontier.Frontier;
import io.skewer.store.frontier.Position;
import java.io.IOException;
import java.util.Collection;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One destination's way through the log: what is offered next, and what is settled. Lives as long as the store; consumers come and go.
 *
 * <p>Two locks: {@code reading} is held by the consumer while it looks for the next batch, which may take a disk read; {@code settling}
 * only for moments, so that settlements and commits never wait for a reader. The second may be taken inside the first, never the other
 * way round.
 */
final class DestinationQueue {
    /** More are not offered until some are settled: what a forwarder could hold with the smallest batches. */
    static final int IN_FLIGHT_MAX = 65_536;

    private static final Logger LOG = LoggerFactory.getLogger(DestinationQueue.class);
    private static final long RETRY_NS = TimeUnit.SECONDS.toNanos(1);

    /** What all queues share. */
    record Shared(Tail tail, DeadLetters deadLetters, Letters letters, StoreMeasures measures, Clock clock) {}

    /** Finds dead letters for a replay. */
    @FunctionalInterface
    interface Letters {
        Optional<DeadLetter> find(long number) throws IOException;
    }

    /** What a queue tells, and asks for, beside messages. */
    record Clock(Runnable moved, LongSupplier nowMs) {}

    private final String name;
    private final Shared shared;
    private final Tail tail;
    private final Counter delivered;
    private final Counter lost;

    private final ReentrantLock reading = new ReentrantLock();
    private final LogReader reader;
    private long nextOffer;
    private long expectedRecord;

    private final ReentrantLock settling = new ReentrantLock();
    private final Condition changed = settling.newCondition();
    private final Frontier frontier;
    private long epoch;
    private final Replays replays = new Replays();
    private boolean rewound = true;
    /** Where the log begins since its oldest segment was given up. */
    private @Nullable Position jump;

    private boolean closed;

    DestinationQueue(String name, Position start, LogReader reader, Shared shared) {
        this.name = name;
        this.shared = shared;
        this.tail = shared.tail();
        this.reader = reader;
        this.frontier = new Frontier(start);
        this.delivered = shared.measures().delivered(name);
        this.lost = shared.measures().lost(name);
    }

    Subscription subscribe() {
        settling.lock();
        try {
            epoch++;
            frontier.rewind();
            replays.rewind();
            rewound = true;
            changed.signalAll();
            return new Subscription(this, epoch);
        } finally {
            settling.unlock();
        }
    }

    @Nullable
    Offer take(long consumer, boolean wait) throws InterruptedException {
        reading.lockInterruptibly();
        try {
            while (awaitWork(consumer, wait)) {
                try {
                    Offer offer = offer(consumer);
                    if (offer != null) {
                        return offer;
                    }
                } catch (IOException cause) {
                    LOG.atError()
                            .setMessage("store.read_failed")
                            .addKeyValue("destination", name)
                            .setCause(cause)
                            .log();
                    if (!wait) {
                        return null;
                    }
                    pause(consumer);
                }
            }
            return null;
        } finally {
            reading.unlock();
        }
    }

    /** @return whether there is a batch that may be offered */
    private boolean awaitWork(long consumer, boolean wait) throws InterruptedException {
        settling.lock();
        try {
            while (consumer == epoch && !closed) {
                if (rewound) {
                    Position start = frontier.position();
                    nextOffer = start.batch();
                    expectedRecord = start.recordNumber() - start.record();
                    rewound = false;
                }
                Position ahead = jump;
                if (ahead != null && nextOffer < ahead.batch()) {
                    nextOffer = ahead.batch();
                    expectedRecord = ahead.recordNumber();
                }
                jump = null;
                if (!replays.isEmpty()) {
                    return true;
                }
                if (nextOffer < tail.nextBatch() && frontier.inFlight() < IN_FLIGHT_MAX) {
                    return true;
                }
                if (!wait) {
                    return false;
                }
                changed.await();
            }
            return false;
        } finally {
            settling.unlock();
        }
    }

    /** @return null when there was nothing to offer after all */
    private @Nullable Offer offer(long consumer) throws IOException {
        Offer replay = offerLetter(consumer);
        if (replay != null) {
            return replay;
        }
        Position end = tail.end();
        if (nextOffer >= end.batch()) {
            return null;
        }
        Tail.Entry entry = reader.read(nextOffer, end.batch());
        settling.lock();
        try {
            if (consumer != epoch || closed || rewound || jump != null) {
                return null;
            }
            if (entry == null) {
                countLost(end.recordNumber());
                nextOffer = end.batch();
                frontier.skipTo(end);
                return null;
            }
            countLost(entry.firstRecord());
            nextOffer = entry.number() + 1;
            expectedRecord = entry.firstRecord() + entry.count();
            int first = frontier.offered(
                    entry.number(),
                    entry.firstRecord(),
                    entry.count(),
                    shared.clock().nowMs().getAsLong());
            return new Offer(entry.number(), first, entry.batch());
        } finally {
            settling.unlock();
        }
    }

    private @Nullable Offer offerLetter(long consumer) throws IOException {
        Long number;
        settling.lock();
        try {
            number = replays.next();
        } finally {
            settling.unlock();
        }
        if (number == null) {
            return null;
        }
        Optional<DeadLetter> letter = shared.letters().find(number);
        if (letter.isEmpty() || !letter.get().destination().equals(name)) {
            return null;
        }
        byte[] batch;
        try {
            batch = Batch.ofOne(letter.get().record()).bytes();
        } catch (IllegalArgumentException unsound) {
            LOG.atError()
                    .setMessage("store.letter_damaged")
                    .addKeyValue("letter", number)
                    .setCause(unsound)
                    .log();
            return null;
        }
        settling.lock();
        try {
            if (consumer != epoch || closed) {
                return null;
            }
            DeadLetter found = letter.get();
            replays.offered(new Replays.Letter(number, found.attempts(), found.firstMs(), found.record()));
            return new Offer(Replays.FIRST_NUMBER + number, 0, batch);
        } finally {
            settling.unlock();
        }
    }

    /** Offers dead letters once more. */
    void replay(Collection<Long> letters) {
        settling.lock();
        try {
            replays.add(letters);
            changed.signalAll();
        } finally {
            settling.unlock();
        }
    }

    /** Gives up everything before the start of a batch, which is dropped. */
    void giveUp(Position place) {
        settling.lock();
        try {
            long dropped = frontier.giveUp(place);
            if (dropped > 0) {
                shared.measures().droppedOldest(name).add(dropped);
                LOG.atError()
                        .setMessage("store.messages_dropped")
                        .addKeyValue("destination", name)
                        .addKeyValue("messages", dropped)
                        .addKeyValue("reason", "store_full_oldest")
                        .log();
            }
            jump = place;
            changed.signalAll();
        } finally {
            settling.unlock();
        }
    }

    private void countLost(long record) {
        if (record > expectedRecord) {
            LOG.atError()
                    .setMessage("store.messages_lost")
                    .addKeyValue("destination", name)
                    .addKeyValue("messages", record - expectedRecord)
                    .addKeyValue("first_batch", nextOffer)
                    .log();
            lost.add(record - expectedRecord);
            expectedRecord = record;
        }
    }

    private void pause(long consumer) throws InterruptedException {
        settling.lock();
        try {
            long leftNs = RETRY_NS;
            while (leftNs > 0 && consumer == epoch && !closed) {
                leftNs = changed.awaitNanos(leftNs);
            }
        } finally {
            settling.unlock();
        }
    }

    void settle(long consumer, long batch, int from, int to) {
        if (Replays.isReplay(batch)) {
            settleLetter(consumer, batch);
            return;
        }
        settleAs(consumer, batch, from, to, delivered);
    }

    private void settleAs(long consumer, long batch, int from, int to, Counter counter) {
        settling.lock();
        try {
            if (consumer != epoch) {
                return;
            }
            boolean full = frontier.inFlight() >= IN_FLIGHT_MAX;
            counter.add(frontier.settle(batch, from, to));
            if (full) {
                changed.signalAll();
            }
        } finally {
            settling.unlock();
        }
        shared.clock().moved().run();
    }

    void fail(long consumer, long batch, int record, Refusal refusal) throws InterruptedException {
        if (Replays.isReplay(batch)) {
            failLetter(consumer, batch, refusal);
            return;
        }
        long firstMs;
        settling.lock();
        try {
            if (consumer != epoch || frontier.isSettled(batch, record)) {
                return;
            }
            firstMs = frontier.offeredMs(batch, shared.clock().nowMs().getAsLong());
        } finally {
            settling.unlock();
        }
        Failed.Settled settled = kept -> settleAs(
                consumer,
                batch,
                record,
                record + 1,
                kept ? shared.measures().failed(name, refusal.reasonCode()) : lost);
        shared.deadLetters().add(new Failed(name, new Failed.Source.Log(batch, record), refusal, firstMs, settled));
    }

    private Optional<Replays.Letter> takeLetter(long consumer, long offer) {
        settling.lock();
        try {
            return consumer == epoch ? replays.take(offer) : Optional.empty();
        } finally {
            settling.unlock();
        }
    }

    private void settleLetter(long consumer, long offer) {
        Optional<Replays.Letter> letter = takeLetter(consumer, offer);
        if (letter.isEmpty()) {
            return;
        }
        long number = letter.get().number();
        Counter replayed = shared.measures().replayed(name);
        try {
            shared.deadLetters().forget(new Gone(number, number + 1), replayed::increment);
        } catch (InterruptedException stop) {
            // It stays a letter although it was delivered.
            Thread.currentThread().interrupt();
        }
    }

    private void failLetter(long consumer, long offer, Refusal refusal) throws InterruptedException {
        Optional<Replays.Letter> letter = takeLetter(consumer, offer);
        if (letter.isPresent()) {
            Replays.Letter old = letter.get();
            shared.deadLetters()
                    .add(new Failed(
                            name,
                            new Failed.Source.Letter(old.number(), old.record()),
                            refusal.after(old.attempts()),
                            old.firstMs(),
                            kept -> {}));
        }
    }

    /** Runs after every commit. */
    void wake() {
        settling.lock();
        try {
            changed.signalAll();
        } finally {
            settling.unlock();
        }
    }

    void end(long consumer) {
        settling.lock();
        try {
            if (consumer == epoch) {
                epoch++;
                changed.signalAll();
            }
        } finally {
            settling.unlock();
        }
    }

    /** Ends all consumers, this one and those to come. Settlements still count. */
    void close() {
        settling.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            settling.unlock();
        }
    }

    /** Lets the file go, once the consumer has left. */
    void closeReader() {
        reading.lock();
        try {
            reader.close();
        } finally {
            reading.unlock();
        }
    }

    Position position() {
        settling.lock();
        try {
            return frontier.position();
        } finally {
            settling.unlock();
        }
    }

    long depthMessages() {
        return Math.max(0, tail.nextRecord() - position().recordNumber());
    }

    long depthBatches() {
        return Math.max(0, tail.nextBatch() - position().batch());
    }
}
