package io.skewer.sinks;

import io.skewer.core.measure.Counter;
import io.skewer.core.measure.Measures;
import java.util.Arrays;
import java.util.Locale;

/** Counts what a destination has taken and refused. Safe for use by several threads. */
public final class Tally {
    private final Counter sent;
    private final Counter retried;
    private final Counter[] failed;

    /** @param destination as in the configuration: {@code kafka} */
    public Tally(Measures measures, String destination) {
        sent = measures.counter(
                "skewer_sent_messages_total", "Messages that the destination has taken.", "destination", destination);
        retried = measures.counter(
                "skewer_retries_total", "Tries of a destination after one that failed.", "destination", destination);
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

    /** All messages that the destination has taken. */
    public long sentMessages() {
        return sent.value();
    }

    /** Something is tried once more. */
    public void retried() {
        retried.increment();
    }

    public void failed(Failure failure) {
        failed[failure.reason().ordinal()].increment();
    }
}
