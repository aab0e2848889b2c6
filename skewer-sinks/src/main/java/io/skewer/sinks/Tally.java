package io.skewer.sinks;

import io.skewer.core.measure.Counter;
import io.skewer.core.measure.Measures;
import java.util.Arrays;
import java.util.Locale;

/** Counts what a destination has taken and refused. Safe for use by several threads. */
public final class Tally {
    private final Counter sent;
    private final Counter[] failed;

    /** @param destination as in the configuration: {@code kafka} */
    public Tally(Measures measures, String destination) {
        sent = measures.counter(
                "skewer_sent_messages_total", "Messages that the destination has taken.", "destination", destination);
        failed = Arrays.stream(Failure.Reason.values())
                .map(reason -> measures.counter(
                        "skewer_refused_messages_total",
                        "Messages that the destination will never take.",
                        "destination",
                        destination,
                        "reason",
                        reason.name().toLowerCase(Locale.ROOT)))
                .toArray(Counter[]::new);
    }

    public void sent(long messages) {
        sent.add(messages);
    }

    public void failed(Failure failure) {
        failed[failure.reason().ordinal()].increment();
    }
}
