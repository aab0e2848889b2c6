package io.skewer.cli.bench;

import io.skewer.cli.loadgen.Load;
import io.skewer.cli.loadgen.Loadgen;
import io.skewer.cli.loadgen.Outcome;
import io.skewer.cli.quickstart.KafkaBroker;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * A server at work, and all that is needed to measure it.
 *
 * @param unit {@code bench.messages}
 * @param broker where messages go, if not to a file
 */
record Session(
        Row row,
        Contender contender,
        Place place,
        Running running,
        Startup startup,
        Arrivals arrivals,
        long unit,
        Optional<KafkaBroker> broker) {
    private static final long POLL_MS = 10;
    private static final Duration SETTLED_AFTER = Duration.ofMillis(1500);

    /** @param took from the first message sent to the last progress at the destination */
    record Transfer(Duration took, Outcome sent) {}

    ProcessTree tree() {
        return new ProcessTree(running.process().toHandle());
    }

    Measurement measurement() {
        return new Measurement(row, contender);
    }

    /** Sends, and waits until nothing more arrives. */
    Transfer send(Load load) throws IOException, InterruptedException {
        try (ExecutorService sending = Executors.newSingleThreadExecutor()) {
            final long startNs = System.nanoTime();
            Future<Outcome> sent = sending.submit(() -> Loadgen.run(load));
            long last = arrivals.progress();
            long lastNs = startNs;
            while (true) {
                Thread.sleep(POLL_MS);
                long now = arrivals.progress();
                long nowNs = System.nanoTime();
                if (now != last) {
                    last = now;
                    lastNs = nowNs;
                } else if (sent.isDone() && nowNs - lastNs > SETTLED_AFTER.toNanos()) {
                    return new Transfer(Duration.ofNanos(lastNs - startNs), sent.get());
                }
            }
        } catch (ExecutionException cause) {
            throw new IOException(cause);
        }
    }

    /**
     * Waits until so many have arrived in all, or nothing more does.
     *
     * @return from the first that arrives to the last: until a client has found its broker again is a matter of its pauses
     */
    Duration drain(long wanted, Duration patience) throws IOException, InterruptedException {
        final long beginNs = System.nanoTime();
        final long before = arrivals.progress();
        long last = before;
        long firstNs = beginNs;
        long lastNs = beginNs;
        while (last < wanted) {
            Thread.sleep(POLL_MS);
            long now = arrivals.progress();
            long nowNs = System.nanoTime();
            if (now != last) {
                firstNs = last == before ? nowNs : firstNs;
                last = now;
                lastNs = nowNs;
            } else if (nowNs - lastNs > patience.toNanos()) {
                break;
            }
        }
        return Duration.ofNanos(lastNs - firstNs);
    }

    static double seconds(Duration duration) {
        return duration.toNanos() / 1e9;
    }
}
