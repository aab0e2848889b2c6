package io.skewer.sinks.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.skewer.sinks.Batches;
import io.skewer.sinks.HeldWeight;
import io.skewer.sinks.Settled;
import io.skewer.sinks.Shipment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RetriesTest {
    private static final int MESSAGE_BYTES = 300_000;

    private final AtomicLong nowNs = new AtomicLong(1);
    private final AtomicInteger counted = new AtomicInteger();
    private final Batches batches = new Batches();
    private final Retries retries = new Retries(10, Duration.ofMillis(100), nowNs::get, counted::incrementAndGet);

    private Shipment shipment() {
        return new Shipment(batches.add("app", "x".repeat(MESSAGE_BYTES)).take(), 1, new Settled());
    }

    private int refused(Shipment shipment) {
        return retries.refused(shipment, 0, nowNs.get());
    }

    @Test
    void whenTooManyWaitOneIsGivenUpThatWasRefusedForSoLongThatItsTopicWouldHaveBeenMade() {
        List<Shipment> all = new ArrayList<>();
        for (long bytes = 0; bytes < 2 * HeldWeight.MAX_BYTES; bytes += MESSAGE_BYTES) {
            Shipment next = shipment();
            all.add(next);
            assertThat(refused(next)).as("not at the first try").isZero();
        }
        nowNs.addAndGet(TopicTrials.MADE_MEANWHILE.toNanos() - 1);
        assertThat(refused(all.get(0))).isZero();
        nowNs.addAndGet(TopicTrials.MADE_MEANWHILE.toNanos());
        assertThat(refused(all.get(0))).isEqualTo(3);
        assertThat(refused(all.get(1))).isEqualTo(2);
    }

    @Test
    void withRoomAMessageHasAllItsTries() {
        Shipment one = shipment();
        for (int i = 1; i < 10; i++) {
            assertThat(refused(one)).isZero();
            nowNs.addAndGet(TopicTrials.MADE_MEANWHILE.toNanos());
        }
        assertThat(refused(one)).isEqualTo(10);
        assertThat(counted).hasValue(10);
    }

    @Test
    void whatBrokersSaidBeforeIsNoNewAnswer() {
        Shipment one = shipment();
        long saidNs = nowNs.get();
        for (int i = 0; i < 20; i++) {
            assertThat(retries.refused(one, 0, saidNs)).isZero();
            nowNs.addAndGet(TopicTrials.MADE_MEANWHILE.toNanos());
        }
        assertThat(counted).hasValue(1);
    }
}
