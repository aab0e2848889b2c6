package io.skewer.cli.supervise;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class BackoffTest {
    private final AtomicLong nowNs = new AtomicLong();
    private final Backoff backoff = new Backoff(nowNs::get);

    /** S71. */
    @Test
    void thePausesDoubleUpToTenSecondsAndTheFifthDeathIsTold() {
        List<Long> pauses = new ArrayList<>();
        List<Boolean> told = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            backoff.started();
            nowNs.addAndGet(Duration.ofSeconds(1).toNanos());
            pauses.add(backoff.died().toMillis());
            told.add(backoff.beganLoop());
        }
        assertThat(pauses).containsExactly(100L, 200L, 400L, 800L, 1600L, 3200L, 6400L, 10_000L, 10_000L, 10_000L);
        assertThat(told).containsExactly(false, false, false, false, true, false, false, false, false, false);
    }

    @Test
    void aGoodRunEndsALoop() {
        for (int i = 0; i < 5; i++) {
            backoff.died();
        }
        backoff.started();
        nowNs.addAndGet(Duration.ofSeconds(60).toNanos());
        assertThat(backoff.died()).isEqualTo(Duration.ofMillis(100));
        assertThat(backoff.beganLoop()).isFalse();
    }
}
