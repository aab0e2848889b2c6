package io.skewer.cli.loadgen;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class AnswerTimesTest {
    @Test
    void withoutAnswersAllTimesAreZero() {
        assertThat(new AnswerTimes().within(0.99)).isZero();
    }

    @Test
    void timesOfSeveralConnectionsAddUp() {
        AnswerTimes all = new AnswerTimes();
        AnswerTimes other = new AnswerTimes();
        all.took(10);
        other.took(5_000);
        all.add(other);
        assertThat(all.count()).isEqualTo(2);
        assertThat(all.max()).isEqualTo(Duration.ofNanos(5_000));
        assertThat(all.within(0.5)).isEqualTo(Duration.ofNanos(10));
    }

    @Property(tries = 300)
    void aPercentileIsRightWithinOneSixteenth(
            @ForAll @Size(min = 1, max = 200) long[] times, @ForAll @LongRange(min = 1, max = 1000) long perMille) {
        AnswerTimes answers = new AnswerTimes();
        long[] sorted = Arrays.stream(times).map(time -> time >>> 16).sorted().toArray();
        Arrays.stream(sorted).forEach(answers::took);
        long exact = sorted[(int) Math.ceil(sorted.length * (perMille / 1000.0)) - 1];
        assertThat(answers.within(perMille / 1000.0).toNanos()).isBetween(exact, exact + exact / 16);
    }
}
