package io.skewer.cli.supervise;

import static org.assertj.core.api.Assertions.assertThat;

import io.skewer.core.measure.Sample;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class CounterTotalsTest {
    private static Sample sample(Sample.Kind kind, String name, String source, double value) {
        return new Sample(name, kind, "help", new TreeMap<>(Map.of("source", source)), value);
    }

    private static Sample counter(String source, double value) {
        return sample(Sample.Kind.COUNTER, "received_total", source, value);
    }

    @Test
    void aCounterGoesOnWhereItsProcessesLeftIt() {
        CounterTotals totals =
                CounterTotals.NONE.plus(List.of(counter("tcp", 10))).plus(List.of(counter("tcp", 5)));
        assertThat(totals.addedTo(List.of(counter("tcp", 2)))).containsExactly(counter("tcp", 17));
    }

    @Test
    void whileNoProcessRunsAndForCountersThatItHasNotMadeYetTheTotalStands() {
        CounterTotals totals = CounterTotals.NONE.plus(List.of(counter("tcp", 10), counter("udp", 1)));
        assertThat(totals.addedTo(List.of())).containsExactlyInAnyOrder(counter("tcp", 10), counter("udp", 1));
        assertThat(totals.addedTo(List.of(counter("udp", 3))))
                .containsExactlyInAnyOrder(counter("tcp", 10), counter("udp", 4));
    }

    @Test
    void gaugesOfAProcessGoWithIt() {
        Sample gauge = sample(Sample.Kind.GAUGE, "received_total", "tcp", 7);
        assertThat(CounterTotals.NONE.plus(List.of(gauge)).addedTo(List.of())).isEmpty();
        CounterTotals totals = CounterTotals.NONE.plus(List.of(counter("tcp", 10)));
        assertThat(totals.addedTo(List.of(gauge))).contains(gauge);
    }

    @Test
    void whatCannotBeACountIsNotAdded() {
        CounterTotals totals = CounterTotals.NONE.plus(
                List.of(counter("tcp", -1), counter("udp", Double.NaN), counter("relp", Double.POSITIVE_INFINITY)));
        assertThat(totals.addedTo(List.of())).isEmpty();
    }

    @Test
    void aProcessThatInventsSeriesWithEveryLifeTakesNoMoreMemoryThanOnce() {
        CounterTotals totals = CounterTotals.NONE;
        for (int life = 0; life < 3; life++) {
            List<Sample> last = new ArrayList<>();
            for (int i = 0; i < 6000; i++) {
                last.add(counter("life-" + life + "-" + i, 1));
            }
            totals = totals.plus(last);
        }
        assertThat(totals.addedTo(List.of())).hasSize(CounterTotals.SERIES_MAX);
    }
}
