package io.skewer.core.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DurationsTest {
    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "0s, 0",
        "1ns, 1",
        "5us, 5000",
        "5\u00b5s, 5000",
        "100ms, 100000000",
        "30s, 30000000000",
        "1m30s, 90000000000",
        "1.5h, 5400000000000",
        "2d, 172800000000000",
        "1h0m1s, 3601000000000",
        "0.000000001s, 1",
        "292y0s, ",
        "1.5ns, 1",
    })
    void aDurationMeansItsNanoseconds(String text, Long ns) {
        assertThat(Durations.parseNs(text))
                .isEqualTo(ns == null ? java.util.OptionalLong.empty() : java.util.OptionalLong.of(ns));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "5",
                "s",
                "-1s",
                "5 s",
                "1s ",
                "5S",
                "1..5s",
                ".5s",
                "1.s",
                "200000000d",
                "99999999999999999999s",
                "1s1",
                "1e3s"
            })
    void whatIsNotADurationIsRefused(String text) {
        assertThat(Durations.parseNs(text)).isEmpty();
    }

    @Property
    void theTextOfADurationMeansThatDuration(@ForAll @LongRange(min = 0) long ns) {
        assertThat(Durations.parseNs(Durations.text(Duration.ofNanos(ns)))).hasValue(ns);
    }
}
