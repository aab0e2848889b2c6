package io.skewer.core.measure;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class PrometheusTextTest {
    private static Sample sample(String name, double value, Map<String, String> labels) {
        return new Sample(name, Sample.Kind.COUNTER, "Help for " + name + ".", new TreeMap<>(labels), value);
    }

    @Test
    void thePageLooksAsPrometheusExpectsIt() {
        Measures tcp = new Measures();
        tcp.counter("skewer_received_messages_total", "Messages received.", "source", "tcp", "port", "1514")
                .add(3);
        tcp.gauge("skewer_queue_bytes", "Bytes waiting.", () -> 0.5);
        Measures udp = new Measures();
        udp.counter("skewer_received_messages_total", "Messages received.", "source", "udp")
                .add(1L << 40);

        assertThat(PrometheusText.render(new ProcessSamples()
                        .add("tcp", tcp.snapshot())
                        .add("udp", udp.snapshot())
                        .all()))
                .isEqualTo("""
                        # HELP skewer_queue_bytes Bytes waiting.
                        # TYPE skewer_queue_bytes gauge
                        skewer_queue_bytes{process="tcp"} 0.5
                        # HELP skewer_received_messages_total Messages received.
                        # TYPE skewer_received_messages_total counter
                        skewer_received_messages_total{port="1514",process="tcp",source="tcp"} 3
                        skewer_received_messages_total{process="udp",source="udp"} 1099511627776
                        """);
    }

    @Test
    void aSampleWithoutLabelsHasNoBraces() {
        assertThat(PrometheusText.render(List.of(sample("a", 1, Map.of())))).endsWith("\na 1\n");
    }

    @Test
    void whatWouldBreakALineIsEscaped() {
        Sample hostile = new Sample(
                "a", Sample.Kind.GAUGE, "one\ntwo \\ \"three\"", new TreeMap<>(Map.of("l", "\"\\\n\u0001")), 1);
        assertThat(PrometheusText.render(List.of(hostile))).isEqualTo("""
                # HELP a one\\ntwo \\\\ "three"
                # TYPE a gauge
                a{l="\\"\\\\\\n "} 1
                """);
    }

    @Test
    void numbersThatAreNotFiniteHaveTheirNames() {
        assertThat(PrometheusText.render(List.of(
                        sample("a", Double.NaN, Map.of()),
                        sample("b", Double.POSITIVE_INFINITY, Map.of()),
                        sample("c", Double.NEGATIVE_INFINITY, Map.of()),
                        sample("d", 1e300, Map.of()))))
                .contains("\na NaN\n", "\nb +Inf\n", "\nc -Inf\n", "\nd 1.0E300\n");
    }

    @Test
    void aSeriesIsWrittenOnce() {
        assertThat(PrometheusText.render(List.of(sample("a", 1, Map.of("x", "y")), sample("a", 2, Map.of("x", "y"))))
                        .lines())
                .containsExactly("# HELP a Help for a.", "# TYPE a counter", "a{x=\"y\"} 1");
    }

    @Test
    void aProcessCannotSpeakForAnother() {
        assertThat(new ProcessSamples()
                        .add("udp", List.of(sample("a", 1, Map.of("process", "store"))))
                        .all())
                .extracting(one -> one.labels().get("process"))
                .containsExactly("udp");
    }
}
