package io.skewer.sinks.kafka;

import io.skewer.sinks.HeldWeight;
import io.skewer.sinks.Refusals;
import io.skewer.sinks.Shipment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.LongSupplier;

/**
 * Messages that a broker refused, though it may take them a little later: each is tried again alone, with growing pauses, a bounded number of
 * times. Others pass them meanwhile, so one that is taken at last is out of order. When too many wait, a refusal is the last one that comes
 * so late that a broker would have made the topic ({@link TopicTrials#MADE_MEANWHILE}). Safe for use by several threads.
 */
final class Retries {
    private record Key(Shipment shipment, int index) {}

    private record Waiting(Key key, long dueNs) {}

    private final int maxAttempts;
    private final Duration firstPause;
    private final LongSupplier nanoClock;
    private final Runnable counted;
    /** A shipment is the same only as itself. */
    private final Map<Key, Refusals> attempts = new ConcurrentHashMap<>();

    private final HeldWeight weight = new HeldWeight();
    private final ConcurrentLinkedQueue<Waiting> waiting = new ConcurrentLinkedQueue<>();

    /** @param counted run when a refusal counts: a broker has answered */
    Retries(int maxAttempts, Duration firstPause, LongSupplier nanoClock, Runnable counted) {
        this.maxAttempts = maxAttempts;
        this.firstPause = firstPause;
        this.nanoClock = nanoClock;
        this.counted = counted;
    }

    /**
     * Notes a refusal.
     *
     * @param saidNs when a broker said so
     * @return how often the message was tried in vain when that is often enough, else 0
     */
    int refused(Shipment shipment, int index, long saidNs) {
        Key key = new Key(shipment, index);
        long now = nanoClock.getAsLong();
        Refusals made = attempts.computeIfAbsent(key, ignored -> new Refusals(firstPause));
        if (made.count() == 0) {
            weight.add(shipment);
        }
        if (made.add(now, saidNs)) {
            counted.run();
            if (made.count() >= maxAttempts || isInTheWay(made)) {
                forget(shipment, index);
                return made.count();
            }
        } else {
            made.later(now, TopicTrials.SILENCE_RETRY);
        }
        waiting.add(new Waiting(key, made.dueNs()));
        return 0;
    }

    private boolean isInTheWay(Refusals made) {
        return weight.isFull() && made.spanNs() >= TopicTrials.MADE_MEANWHILE.toNanos();
    }

    /** The message came to its end in another way. Cheap when nothing was ever refused. */
    void forget(Shipment shipment, int index) {
        if (!attempts.isEmpty() && attempts.remove(new Key(shipment, index)) != null) {
            weight.remove(shipment);
        }
    }

    boolean isEmpty() {
        return waiting.isEmpty();
    }

    /** Takes out the messages whose pause is over, by shipment. */
    Map<Shipment, SortedSet<Integer>> takeDue() {
        Map<Shipment, SortedSet<Integer>> due = new HashMap<>();
        if (waiting.isEmpty()) {
            return due;
        }
        long now = nanoClock.getAsLong();
        List<Waiting> early = new ArrayList<>();
        for (Waiting one = waiting.poll(); one != null; one = waiting.poll()) {
            if (now - one.dueNs() < 0) {
                early.add(one);
            } else {
                due.computeIfAbsent(one.key().shipment(), ignored -> new TreeSet<>())
                        .add(one.key().index());
            }
        }
        waiting.addAll(early);
        return due;
    }

    /** All that waits is sent again over another producer; how often it was refused stays known. */
    void release() {
        waiting.clear();
    }
}
