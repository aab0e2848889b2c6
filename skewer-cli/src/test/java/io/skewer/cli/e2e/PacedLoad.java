package io.skewer.cli.e2e;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A thread that sends numbered messages at a pace, without an answer. */
abstract sealed class PacedLoad implements SoakLoad permits TcpLoad, UdpLoad {
    private final int perSecond;
    private volatile boolean stopped;
    private volatile int sent;
    private CompletableFuture<Void> sending = CompletableFuture.completedFuture(null);

    PacedLoad(int perSecond) {
        this.perSecond = perSecond;
    }

    /** Sends one message; always on the same thread. */
    abstract void send(int number) throws IOException;

    @Override
    public final void start() {
        sending = CompletableFuture.runAsync(
                this::run, task -> Thread.ofPlatform().daemon().start(task));
    }

    private void run() {
        try {
            for (int number = 0; !stopped; number++) {
                send(number);
                sent = number + 1;
                TimeUnit.NANOSECONDS.sleep(TimeUnit.SECONDS.toNanos(1) / perSecond);
            }
        } catch (IOException cause) {
            throw new IllegalStateException(cause);
        } catch (InterruptedException never) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void stop() throws Exception {
        stopped = true;
        sending.get(60, TimeUnit.SECONDS);
    }

    final int sent() {
        return sent;
    }

    @Override
    public void close() {
        stopped = true;
    }
}
