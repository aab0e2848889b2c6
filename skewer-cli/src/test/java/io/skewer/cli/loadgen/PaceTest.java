package io.skewer.cli.loadgen;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class PaceTest {
    private final AtomicLong clock = new AtomicLong(1_000);

    @Test
    void withoutARateAsManyGoAsThereIsRoomFor() {
        assertThat(new Pace(0, clock::get).allowance(1_000_000, 77)).isEqualTo(77);
    }

    @Test
    void whatWasNotSentInTimeIsMadeUpFor() {
        Pace pace = new Pace(1000, clock::get);
        assertThat(pace.allowance(0, 100)).isEqualTo(1);
        assertThat(pace.allowance(1, 100)).isZero();
        clock.addAndGet(50_000_000);
        assertThat(pace.allowance(1, 100)).isEqualTo(50);
        assertThat(pace.allowance(1, 7)).isEqualTo(7);
    }

    @Test
    void whoeverIsTooFastWaits() {
        long startNs = System.nanoTime();
        Pace pace = new Pace(1000, System::nanoTime);
        for (long sent = 0; sent < 31; sent++) {
            pace.await(sent);
        }
        assertThat(System.nanoTime() - startNs).isGreaterThanOrEqualTo(30_000_000L);
    }
}
