package io.skewer.sinks.kafka;

import io.skewer.sinks.Failure;
import io.skewer.sinks.HeldWeight;
import io.skewer.sinks.Refusals;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Topics that cannot be had now: nobody has said yet whether they exist, or a broker said that they do not or are forbidden. A topic may just be
 * being made, so its messages are held here, in their order, and tried again with growing pauses, while messages to other topics pass.
 *
 * <p>A topic is given up after so many refusals as the configuration allows; its messages fail, and so do those that follow for a minute, without a
 * try. Silence is no refusal. What is held is bounded: when there is no more room, the topic that was refused most often is given up before
 * its time, but not before a broker would have made it. After so many topics given up in a row as may be on trial at once, no broker here makes
 * topics, and nobody waits for it any more, until a topic is had that was refused before. So a sender who invents topics holds up others for
 * moments only, and only when he sends many messages to them. Used by one thread.
 */
final class TopicTrials {
    static final int HELD_MAX = 4096;
    static final int TOPICS_MAX = 1024;
    static final Duration BARRED = Duration.ofMinutes(1);
    /** A broker that makes topics refuses the first message and has the topic some 100 ms later, a busy one after seconds. */
    static final Duration MADE_MEANWHILE = Duration.ofSeconds(3);

    private static final int BARRED_MAX = 1024;
    /** The first answer about a topic that exists takes one round to a broker. */
    static final Duration SILENCE_PAUSE = Duration.ofMillis(10);

    /** Before another try, when brokers have said nothing new about the one before. */
    static final Duration SILENCE_RETRY = Duration.ofMillis(100);

    private static final Duration SILENCE_MAX = Duration.ofSeconds(1);

    private record Silence(long sinceNs, long acknowledged) {}

    /** One topic that cannot be had. */
    final class Trial {
        private final String topic;
        private final Deque<Held> held = new ArrayDeque<>();
        private final Refusals refusals = new Refusals(firstPause);
        private @Nullable Silence silentAt;
        private Failure failure = new Failure(Failure.Reason.INVALID_TOPIC, "no broker says that the topic exists");

        private Trial(String topic) {
            this.topic = topic;
        }

        /** The oldest message, or null: then the topic was had, and {@link #over} is due. */
        @Nullable
        Held first() {
            return held.peekFirst();
        }

        /** The oldest message is not held any more: nobody refuses the topic now. */
        void passed() {
            if (isRefused()) {
                givenUpInARow = 0;
            }
            weight.remove(held.removeFirst().shipment());
            heldCount--;
            refusals.reset();
        }

        /**
         * A broker refused the topic.
         *
         * @param saidNs when it said so
         * @return whether that was once too often
         */
        boolean refused(Failure why, long saidNs) {
            if (!refusals.add(nanoClock.getAsLong(), saidNs)) {
                later(SILENCE_RETRY);
                return false;
            }
            counted.run();
            failure = why;
            silentAt = null;
            return refusals.count() >= maxAttempts;
        }

        /**
         * Nobody has answered about the topic. That counts as a refusal only when brokers acknowledged other messages for a second meanwhile, and told
         * of the topics since it began: the producer remembers only what the last answer said, so a no may have been overwritten before it was seen.
         *
         * @param acknowledged all messages acknowledged so far
         * @param toldNs when the brokers last told of the topics
         * @return whether that was once too often
         */
        boolean silent(long acknowledged, long toldNs) {
            long now = nanoClock.getAsLong();
            Silence before = silentAt;
            if (before == null) {
                silentAt = new Silence(now, acknowledged);
            } else if (now - before.sinceNs() >= SILENCE_MAX.toNanos()
                    && acknowledged > before.acknowledged()
                    && toldNs - before.sinceNs() > 0) {
                return refused(failure, toldNs);
            }
            later(SILENCE_RETRY);
            return false;
        }

        /** Whether a broker has refused it. */
        boolean isRefused() {
            return refusals.count() > 0;
        }

        /** To be tried again, though nothing was said against it. */
        void later(Duration pause) {
            refusals.later(nanoClock.getAsLong(), pause);
        }

        /** The topic can be had. */
        void over() {
            trials.remove(topic);
        }

        /** How the messages of this topic fail. */
        Failure failure() {
            return new Failure(failure.reason(), Math.max(1, refusals.count()), failure.text());
        }
    }

    private final int maxAttempts;
    private final Duration firstPause;
    private final LongSupplier nanoClock;
    private final Runnable counted;
    private final Map<String, Trial> trials = new LinkedHashMap<>();
    private final Map<String, Long> barredUntilNs = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
            return size() > BARRED_MAX;
        }
    };

    private final HeldWeight weight = new HeldWeight();
    private int heldCount;
    private int givenUpInARow;

    /**
     * @param maxAttempts how often a broker may refuse a topic
     * @param counted run when a refusal counts: a broker has answered
     */
    TopicTrials(int maxAttempts, Duration firstPause, LongSupplier nanoClock, Runnable counted) {
        this.maxAttempts = maxAttempts;
        this.firstPause = firstPause;
        this.nanoClock = nanoClock;
        this.counted = counted;
    }

    /** Whether messages to this topic fail without a try. */
    boolean isBarred(String topic) {
        Long untilNs = barredUntilNs.isEmpty() ? null : barredUntilNs.get(topic);
        if (untilNs == null) {
            return false;
        }
        if (nanoClock.getAsLong() - untilNs < 0) {
            return true;
        }
        barredUntilNs.remove(topic);
        return false;
    }

    /** Whether messages to this topic have to wait for others of the same topic. */
    boolean isOnTrial(String topic) {
        return !trials.isEmpty() && trials.containsKey(topic);
    }

    /** Holds a message behind those of its topic. @return the trial, which may have begun with it */
    Trial hold(Held message) {
        Trial trial = trials.computeIfAbsent(message.record().topic(), Trial::new);
        trial.held.addLast(message);
        weight.add(message.shipment());
        heldCount++;
        if (trial.held.size() == 1 && trial.refusals.count() == 0) {
            trial.later(SILENCE_PAUSE);
        }
        return trial;
    }

    /** Whether nothing more may be held. */
    boolean isFull() {
        return heldCount >= HELD_MAX || trials.size() >= TOPICS_MAX || weight.isFull();
    }

    boolean isEmpty() {
        return trials.isEmpty();
    }

    /** The topics that should be tried again now. */
    List<Trial> due() {
        if (trials.isEmpty()) {
            return List.of();
        }
        long now = nanoClock.getAsLong();
        return trials.values().stream()
                .filter(trial -> now - trial.refusals.dueNs() >= 0)
                .toList();
    }

    /** Ends a trial. @return the messages that fail with it */
    List<Held> giveUp(Trial trial) {
        givenUpInARow++;
        List<Held> failed = new ArrayList<>(trial.held);
        heldCount -= failed.size();
        failed.forEach(held -> weight.remove(held.shipment()));
        trials.remove(trial.topic);
        barredUntilNs.remove(trial.topic);
        barredUntilNs.put(trial.topic, nanoClock.getAsLong() + BARRED.toNanos());
        return failed;
    }

    /**
     * The topic that was refused most often; empty when none was refused again and again for so long that a broker would have made it, where one
     * may do so. That it waits longer than that is not enough: the brokers may be away.
     */
    Optional<Trial> worst() {
        boolean nobodyMakesThem = trials.size() >= TOPICS_MAX && givenUpInARow >= TOPICS_MAX;
        long patienceNs = nobodyMakesThem ? 0 : MADE_MEANWHILE.toNanos();
        return trials.values().stream()
                .filter(trial -> trial.isRefused() && trial.refusals.spanNs() >= patienceNs)
                .max(Comparator.comparingInt((Trial trial) -> trial.refusals.count()));
    }

    /** Lets go of all messages, which will be sent again over another producer; how often topics were refused stays known. */
    void release() {
        trials.values().forEach(trial -> trial.held.clear());
        trials.values().removeIf(trial -> trial.refusals.count() == 0);
        heldCount = 0;
        weight.clear();
    }
}
