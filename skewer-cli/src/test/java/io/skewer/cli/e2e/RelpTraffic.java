package io.skewer.cli.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A RELP sender that goes on until it is stopped: numbers in order, and after a broken session again from the last number that was
 * acknowledged.
 */
final class RelpTraffic implements AutoCloseable {
    /** Most messages without an answer. */
    static final int WINDOW = 128;

    private static final int BURST = 16;

    private final int port;
    private final String name;
    private volatile boolean stopped;
    private volatile int acknowledged;
    private CompletableFuture<Void> sending = CompletableFuture.completedFuture(null);

    private final long pauseNs;

    private RelpTraffic(int port, String name, long pauseNs) {
        this.pauseNs = pauseNs;
        this.port = port;
        this.name = name;
    }

    /** As fast as it goes. */
    static RelpTraffic start(int port, String name) {
        return start(port, name, Integer.MAX_VALUE);
    }

    /** @param perSecond about how many messages in a second */
    static RelpTraffic start(int port, String name, int perSecond) {
        RelpTraffic traffic = new RelpTraffic(port, name, TimeUnit.SECONDS.toNanos(1) * BURST / perSecond);
        traffic.sending = CompletableFuture.runAsync(
                traffic::send, task -> Thread.ofPlatform().daemon().start(task));
        return traffic;
    }

    private void send() {
        while (!stopped) {
            int first = acknowledged;
            try (RelpClient client = new RelpClient(port, count -> acknowledged = first + (int) count)) {
                int next = first;
                while (!stopped) {
                    client.syslog(TcpSender.message(name, next++));
                    if (pauseNs > 0 && next % BURST == 0) {
                        LockSupport.parkNanos(pauseNs);
                    }
                    client.awaitAnswers(next % WINDOW == 0 ? 0 : WINDOW);
                }
                client.awaitAnswers(0);
            } catch (IOException brokenSession) {
                // As a real sender: connect again and repeat what was not acknowledged.
            }
        }
    }

    /** Messages acknowledged so far: all with a smaller number. */
    int acknowledged() {
        return acknowledged;
    }

    /** Waits until so many more are acknowledged. */
    void await(TestDaemon daemon, int more) throws IOException, InterruptedException {
        int before = acknowledged;
        daemon.await(more + " more acknowledgements", () -> acknowledged >= before + more);
    }

    /** Ends the session in order. @return how many messages were acknowledged */
    int stop() throws Exception {
        stopped = true;
        sending.get(TestDaemon.PATIENCE.toSeconds(), TimeUnit.SECONDS);
        return acknowledged;
    }

    /** Sends on for a while, ends, and checks that everything acknowledged arrives in the output files, in order, and nothing is left. */
    void finish(TestDaemon daemon) throws Exception {
        await(daemon, 2_000);
        int count = stop();
        daemon.await("an empty queue", () -> daemon.metric("skewer_queue_messages") == 0);
        daemon.await(
                "all acknowledged messages",
                () -> daemon.read().faults(count, name).isEmpty());
        assertThat(daemon.metric("skewer_lost_messages_total")).isZero();
    }

    @Override
    public void close() {
        stopped = true;
    }
}
