package io.skewer.sinks.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.skewer.core.config.ConfigReader;
import io.skewer.core.measure.Measures;
import io.skewer.sinks.Batches;
import io.skewer.sinks.Failure;
import io.skewer.sinks.Settled;
import io.skewer.sinks.Shipment;
import io.skewer.sinks.Tally;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class SecondTriesTest {
    private final AtomicLong nowNs = new AtomicLong(1);
    private final Reachability reachability = new Reachability(nowNs::get);
    private final SecondTries again = new SecondTries(
            ConfigReader.defaults().kafkaDestination(),
            (_, _, _) -> {},
            () -> {},
            new Tally(new Measures(), "kafka"),
            reachability);

    @Test
    void brokersThatSayNoAreThere() {
        Batches batches = new Batches();
        for (int i = 0; i < 3; i++) {
            Shipment shipment = new Shipment(batches.add("app", "text").take(), 1, new Settled());
            reachability.waiting("no acknowledgement");
            nowNs.addAndGet(Duration.ofSeconds(6).toNanos());
            again.putOff(shipment, 0, new Failure(Failure.Reason.NOT_AUTHORIZED, "not allowed"));
            reachability.waiting("no acknowledgement");
            assertThat(reachability.isUnreachable()).isFalse();
        }
        nowNs.addAndGet(Duration.ofSeconds(6).toNanos());
        reachability.waiting("no acknowledgement");
        assertThat(reachability.isUnreachable()).as("nobody has said anything").isTrue();
    }
}
