package io.skewer.cli.loadgen;

import io.skewer.core.fault.FaultText;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Sends a {@link Load}: each connection has its thread, all are connected before the first sends. */
public final class Loadgen {
    /** Names the senders, with the number of the connection behind it. */
    static final String SENDER = "load-";

    private Loadgen() {}

    /**
     * Runs to the end.
     *
     * @throws IOException when any connection failed; the others have ended then as well
     */
    public static Outcome run(Load load) throws IOException, InterruptedException {
        List<Sender> senders = new ArrayList<>();
        try {
            for (int i = 0; i < load.connections(); i++) {
                senders.add(connected(load, load.form().stencil(SENDER + i)));
            }
        } catch (IOException cause) {
            for (Sender sender : senders) {
                sender.close();
            }
            throw cause;
        }
        return run(load, senders);
    }

    private static Outcome run(Load load, List<Sender> senders) throws IOException, InterruptedException {
        CountDownLatch begin = new CountDownLatch(1);
        List<Future<Tally>> running = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < senders.size(); i++) {
                Sender sender = senders.get(i);
                long share = load.shareOf(i);
                running.add(threads.submit(() -> {
                    begin.await();
                    return send(sender, share, load.newPace());
                }));
            }
            long startNs = System.nanoTime();
            begin.countDown();
            Tally all = new Tally();
            try {
                for (Future<Tally> one : running) {
                    all.add(one.get());
                }
            } catch (ExecutionException cause) {
                threads.shutdownNow();
                throw asIoException(Objects.requireNonNullElse(cause.getCause(), cause));
            }
            Duration took = Duration.ofNanos(System.nanoTime() - startNs);
            return new Outcome(all.sent, all.refused, all.postponed, took, all.answers);
        }
    }

    private static Tally send(Sender sender, long messages, Pace pace) throws IOException {
        Tally tally = new Tally();
        try (sender) {
            sender.send(messages, pace, tally);
        }
        return tally;
    }

    private static Sender connected(Load load, Stencil stencil) throws IOException {
        try {
            return open(load, stencil);
        } catch (ConnectException cause) {
            // Stays what it is: whoever waits for a receiver to come tries again.
            ConnectException named = new ConnectException(reason(load, cause));
            named.initCause(cause);
            throw named;
        } catch (IOException cause) {
            throw new IOException(reason(load, cause), cause);
        }
    }

    private static String reason(Load load, IOException cause) {
        return name(load.target()) + ": " + FaultText.reason(cause);
    }

    private static String name(SocketAddress target) {
        return target instanceof InetSocketAddress inet
                ? inet.getHostString() + ":" + inet.getPort()
                : target.toString();
    }

    private static Sender open(Load load, Stencil stencil) throws IOException {
        return switch (load.transport()) {
            case TCP_LF -> StreamSender.delimited(connect(load), stencil, load.writeBytes());
            case TCP_OCTET -> StreamSender.counted(connect(load), stencil, load.writeBytes());
            case RELP -> new RelpSender(connect(load), stencil, load.window(), load.writeBytes());
            case UDP -> DatagramSender.open(load.target(), stencil);
        };
    }

    private static SocketChannel connect(Load load) throws IOException {
        return SocketChannel.open(load.target());
    }

    private static IOException asIoException(Throwable cause) {
        return cause instanceof IOException failed ? failed : new IOException(cause);
    }
}
