package io.skewer.sinks.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.skewer.sinks.Batches;
import io.skewer.sinks.Failure;
import io.skewer.sinks.Settled;
import io.skewer.sinks.Shipment;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;

class TopicTrialsTest {
    private static final Failure UNKNOWN = new Failure(Failure.Reason.INVALID_TOPIC, "unknown");

    private final AtomicLong nowNs = new AtomicLong(1);
    private final AtomicInteger counted = new AtomicInteger();
    private final TopicTrials trials = new TopicTrials(3, Duration.ofMillis(100), nowNs::get, counted::incrementAndGet);
    private final Shipment shipment =
            new Shipment(new Batches().add("app", "text").take(), 1, new Settled());

    private Held message(String topic) {
        return new Held(shipment, 0, new ProducerRecord<>(topic, new byte[0]));
    }

    /** Brokers refuse the topic just now. */
    private boolean refused(TopicTrials.Trial trial) {
        return trial.refused(UNKNOWN, nowNs.get());
    }

    private void pass(Duration time) {
        nowNs.addAndGet(time.toNanos());
    }

    @Test
    void aTopicIsGivenUpAfterItsTriesAndBarredForAMinute() {
        TopicTrials.Trial trial = trials.hold(message("late"));
        assertThat(refused(trial)).isFalse();
        assertThat(trials.due()).as("not before its pause").isEmpty();
        pass(Duration.ofMillis(100));
        assertThat(trials.due()).containsExactly(trial);
        assertThat(refused(trial)).isFalse();
        pass(Duration.ofMillis(99));
        assertThat(trials.due()).as("pauses grow; never shorter than half").isEmpty();
        pass(Duration.ofMillis(101));
        assertThat(refused(trial)).isTrue();
        assertThat(trial.failure().attempts()).isEqualTo(3);
        assertThat(trials.giveUp(trial)).hasSize(1);
        assertThat(trials.isBarred("late")).isTrue();
        assertThat(trials.isOnTrial("late")).isFalse();
        assertThat(trials.isBarred("other")).isFalse();
        pass(TopicTrials.BARRED);
        assertThat(trials.isBarred("late")).isFalse();
    }

    @Test
    void silenceIsNoRefusalUnlessBrokersAcknowledgeOthersMeanwhile() {
        TopicTrials.Trial trial = trials.hold(message("quiet"));
        for (int i = 0; i < 100; i++) {
            assertThat(trial.silent(7, nowNs.get())).isFalse();
            pass(Duration.ofMillis(200));
        }
        assertThat(trial.silent(8, nowNs.get())).isFalse();
        assertThat(trial.failure().attempts()).isEqualTo(1);
        assertThat(trial.silent(8, nowNs.get())).as("counted once").isFalse();
        assertThat(trial.failure().attempts()).isEqualTo(1);
    }

    @Test
    void silenceIsNoRefusalWhenNoBrokerToldOfTopicsThoughOthersAreAcknowledged() {
        TopicTrials.Trial trial = trials.hold(message("quiet"));
        long toldNs = nowNs.get();
        for (int i = 0; i < 100; i++) {
            assertThat(trial.silent(i, toldNs)).isFalse();
            pass(Duration.ofMillis(200));
        }
        assertThat(trial.isRefused()).isFalse();
    }

    @Test
    void aTopicIsNotGivenUpForWantOfRoomWhileBrokersAreAwayOrWhenItIsTaken() {
        TopicTrials.Trial trial = trials.hold(message("made"));
        trials.hold(message("made"));
        refused(trial);
        pass(TopicTrials.MADE_MEANWHILE);
        assertThat(trials.worst())
                .as("refused once; nobody has said anything since")
                .isEmpty();
        refused(trial);
        assertThat(trials.worst()).contains(trial);
        trial.passed();
        assertThat(trials.worst()).as("its first message was taken").isEmpty();
    }

    @Test
    void aRefusalIsCountedOnceHoweverOftenItIsRepeated() {
        TopicTrials.Trial trial = trials.hold(message("late"));
        long saidNs = nowNs.get();
        for (int i = 0; i < 100; i++) {
            assertThat(trial.refused(UNKNOWN, saidNs)).isFalse();
            pass(Duration.ofSeconds(1));
        }
        assertThat(trial.failure().attempts()).isEqualTo(1);
        assertThat(counted).hasValue(1);
        assertThat(refused(trial)).isFalse();
        pass(Duration.ofSeconds(1));
        assertThat(refused(trial)).isTrue();
        assertThat(counted).hasValue(3);
    }

    @Test
    void whenTooManyTopicsAreOnTrialTheOneRefusedMostOftenIsTheWorst() {
        for (int i = 0; i < TopicTrials.TOPICS_MAX; i++) {
            assertThat(trials.isFull()).isFalse();
            trials.hold(message("topic-" + i));
        }
        assertThat(trials.isFull()).isTrue();
        assertThat(trials.worst()).as("nobody has said no").isEmpty();
        TopicTrials.Trial one = trials.hold(message("topic-1"));
        TopicTrials.Trial two = trials.hold(message("topic-2"));
        refused(one);
        refused(two);
        pass(Duration.ofMillis(100));
        refused(two);
        assertThat(trials.worst()).as("a broker may be making them still").isEmpty();
        pass(TopicTrials.MADE_MEANWHILE);
        refused(one);
        refused(two);
        assertThat(trials.worst()).contains(two);
        assertThat(trials.giveUp(two)).hasSize(2);
        assertThat(trials.isFull()).isFalse();
    }

    @Test
    void whenNoTopicOfManyWasMadeNobodyWaitsForTheNextOnesToBe() {
        for (int i = 0; i < TopicTrials.TOPICS_MAX; i++) {
            TopicTrials.Trial invented = trials.hold(message("topic-" + i));
            refused(invented);
            trials.giveUp(invented);
        }
        TopicTrials.Trial busy = trials.hold(message("busy"));
        for (int i = 1; i < TopicTrials.HELD_MAX; i++) {
            trials.hold(message("busy"));
        }
        refused(busy);
        assertThat(trials.isFull()).isTrue();
        assertThat(trials.worst())
                .as("too many messages are not too many topics")
                .isEmpty();
        trials.release();
        for (int i = 1; i < TopicTrials.TOPICS_MAX; i++) {
            refused(trials.hold(message("another-" + i)));
        }
        assertThat(trials.isFull()).isTrue();
        assertThat(trials.worst()).isPresent();
        TopicTrials.Trial made = trials.hold(message("another-1"));
        made.passed();
        assertThat(trials.worst()).as("a broker makes topics").isEmpty();
    }

    @Test
    void howMuchIsHeldIsBounded() {
        for (int i = 0; i < TopicTrials.HELD_MAX; i++) {
            assertThat(trials.isFull()).isFalse();
            trials.hold(message("late"));
        }
        assertThat(trials.isFull()).isTrue();
        trials.release();
        assertThat(trials.isFull()).isFalse();
    }
}
