package io.skewer.sinks.kafka;

import io.skewer.core.config.KafkaDestination;
import io.skewer.sinks.Failure;
import io.skewer.sinks.Shipment;
import io.skewer.sinks.Tally;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;

/**
 * What was refused and may be taken a little later: a topic that is not there, with all its messages in their order ({@link TopicTrials}), any
 * other message alone ({@link Retries}). Each is tried a bounded number of times, beside all others.
 *
 * <p>Used by whoever sends, one thread at a time; {@link #putOff}, {@link #forget} and {@link #isWaiting} by any.
 */
final class SecondTries {
    private static final Failure NO_PARTITION =
            new Failure(Failure.Reason.INVALID_TOPIC, "the topic has no such partition");

    /** Hears that a message will not be tried any more. */
    @FunctionalInterface
    interface Ending {
        void failed(Shipment shipment, int index, Failure failure);
    }

    /** Breaks the producer off when it has kept something for too long. Runs on the thread of the caller. */
    @FunctionalInterface
    interface Stalls {
        void breakOffWhenStalled();
    }

    private final TopicTrials trials;
    private final Retries retries;
    private final Ending ending;
    private final Stalls stalls;
    private final Tally tally;
    private final Reachability reachability;
    private volatile boolean onTrial;

    SecondTries(KafkaDestination kafka, Ending ending, Stalls stalls, Tally tally, Reachability reachability) {
        this.trials = new TopicTrials(
                kafka.maxAttempts(), kafka.retrySendBackoff(), System::nanoTime, reachability::progress);
        this.retries =
                new Retries(kafka.maxAttempts(), kafka.retrySendBackoff(), System::nanoTime, reachability::progress);
        this.ending = ending;
        this.stalls = stalls;
        this.tally = tally;
        this.reachability = reachability;
    }

    /** Whether messages to this topic fail without a try. */
    boolean isBarred(String topic) {
        return trials.isBarred(topic);
    }

    /** Whether messages to this topic have to wait for others of the same topic. */
    boolean isOnTrial(String topic) {
        return trials.isOnTrial(topic);
    }

    /** Whether anything waits for another try. */
    boolean isWaiting() {
        return onTrial || !retries.isEmpty();
    }

    /** A broker refused the topic of the message. @return false when the producer broke meanwhile */
    boolean topicRefused(Line over, Held message, Failure why) throws InterruptedException {
        refused(over, trials.hold(message), why);
        return makeRoom(over);
    }

    /** Nobody knows yet whether the topic can be had, or its first message is on its way. @return false when the producer broke meanwhile */
    boolean hold(Line over, Held message) throws InterruptedException {
        trials.hold(message);
        return makeRoom(over);
    }

    /** Waits until something more may be held, or a topic whose first message is never answered has made the producer break. */
    private boolean makeRoom(Line over) throws InterruptedException {
        while (trials.isFull() && !over.isBroken()) {
            stalls.breakOffWhenStalled();
            tryTopics(over);
            if (trials.isFull()) {
                Optional<TopicTrials.Trial> worst = trials.worst();
                if (worst.isPresent()) {
                    giveUp(worst.get());
                } else {
                    reachability.waiting("nobody has the topics of too many messages");
                    Thread.sleep(TopicTrials.SILENCE_PAUSE);
                }
            }
        }
        onTrial = !trials.isEmpty();
        return !over.isBroken();
    }

    /** Tries the topics again whose pause is over. */
    void tryTopics(Line over) throws InterruptedException {
        for (TopicTrials.Trial trial : trials.due()) {
            tryTopic(over, trial);
        }
        onTrial = !trials.isEmpty();
    }

    private void tryTopic(Line over, TopicTrials.Trial trial) throws InterruptedException {
        if (trial.isRefused()) {
            tally.retried();
        }
        for (Held held = trial.first(); held != null; held = trial.first()) {
            if (over.isOpening(held.record().topic())) {
                trial.later(TopicTrials.SILENCE_PAUSE);
                return;
            }
            Exception refusal = over.offer(held.record(), held.shipment(), held.index());
            if (!passes(over, held, refusal, trial)) {
                return;
            }
            trial.passed();
        }
        trial.over();
    }

    /** @return whether the message need not be held any more */
    private boolean passes(Line over, Held held, @Nullable Exception refusal, TopicTrials.Trial trial)
            throws InterruptedException {
        if (refusal == null) {
            return true;
        }
        return switch (Verdict.on(refusal)) {
            case Verdict.Never never -> {
                ending.failed(held.shipment(), held.index(), never.failure());
                yield true;
            }
            case Verdict.Perhaps perhaps -> {
                putOff(held.shipment(), held.index(), perhaps.failure());
                yield true;
            }
            case Verdict.TopicTrouble trouble -> {
                refused(over, trial, trouble.failure());
                yield false;
            }
            case Verdict.Silence _ -> {
                boolean lacksPartition = putOffWithoutPartition(over, held);
                if (!lacksPartition && trial.silent(tally.sentMessages(), over.toldNs())) {
                    giveUp(trial);
                }
                yield lacksPartition;
            }
            case Verdict.NoRoom _ -> {
                trial.later(TopicTrials.SILENCE_PAUSE);
                yield false;
            }
            case Verdict.Broken _ -> {
                over.breakOff(held.shipment(), held.index(), refusal);
                yield false;
            }
        };
    }

    /** Puts off a message whose topic has no such partition. @return whether it is so */
    boolean putOffWithoutPartition(Line over, Held message) throws InterruptedException {
        boolean lacksPartition = over.lacksPartition(message.record());
        if (lacksPartition) {
            putOff(message.shipment(), message.index(), NO_PARTITION, over.toldNs());
        }
        return lacksPartition;
    }

    private void refused(Line over, TopicTrials.Trial trial, Failure why) {
        if (trial.refused(why, over.toldNs())) {
            giveUp(trial);
        }
    }

    private void giveUp(TopicTrials.Trial trial) {
        Failure failure = trial.failure();
        for (Held held : trials.giveUp(trial)) {
            ending.failed(held.shipment(), held.index(), failure);
        }
    }

    /** A broker refused the message just now: has it tried again after a pause, unless it was tried often enough. */
    void putOff(Shipment shipment, int index, Failure failure) {
        putOff(shipment, index, failure, System.nanoTime());
    }

    private void putOff(Shipment shipment, int index, Failure failure, long saidNs) {
        int attempts = retries.refused(shipment, index, saidNs);
        if (attempts > 0) {
            ending.failed(shipment, index, new Failure(failure.reason(), attempts, failure.text()));
        }
    }

    /** Takes out the messages that shall be sent again now. */
    Map<Shipment, SortedSet<Integer>> takeDue() {
        Map<Shipment, SortedSet<Integer>> due = retries.takeDue();
        due.values().forEach(indexes -> indexes.forEach(ignored -> tally.retried()));
        return due;
    }

    /** The message came to its end. */
    void forget(Shipment shipment, int index) {
        retries.forget(shipment, index);
    }

    /** Everything that is open is sent again over another producer. */
    void release() {
        trials.release();
        retries.release();
    }
}
