package io.skewer.cli.bench;

import io.skewer.cli.loadgen.Load;
import io.skewer.cli.loadgen.Loadgen;
import io.skewer.cli.loadgen.MessageForm;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.time.Instant;

/**
 * How long a server took to be there, each from the command.
 *
 * @param connected until a TCP connection was accepted
 * @param answered until a first message was answered over RELP; zero when the server speaks none
 * @param started until all parts of the server are at work
 */
record Startup(Duration connected, Duration answered, Duration started) {
    private static final Duration WITHIN = Duration.ofSeconds(60);

    private interface Attempt {
        void run() throws IOException, InterruptedException;
    }

    static Startup await(Contender contender, Running running, Place place, long startNs)
            throws IOException, InterruptedException {
        Duration connected =
                repeat(startNs, () -> SocketChannel.open(loopback(place.tcp())).close());
        Duration answered = Duration.ZERO;
        if (contender.speaksRelp()) {
            Load one = new Load(
                    Load.Transport.RELP,
                    loopback(place.relp()),
                    new MessageForm(MessageForm.Format.RFC5424, 256, Instant.now()),
                    1,
                    1,
                    0,
                    1);
            answered = repeat(startNs, () -> Loadgen.run(one));
        }
        running.awaitWork();
        return new Startup(connected, answered, Duration.ofNanos(System.nanoTime() - startNs));
    }

    /** Messages that were sent meanwhile. */
    int messages() {
        return answered.isZero() ? 0 : 1;
    }

    private static InetSocketAddress loopback(int port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    private static Duration repeat(long startNs, Attempt attempt) throws IOException, InterruptedException {
        while (true) {
            try {
                attempt.run();
                return Duration.ofNanos(System.nanoTime() - startNs);
            } catch (ConnectException notYet) {
                if (System.nanoTime() - startNs > WITHIN.toNanos()) {
                    throw notYet;
                }
                Thread.sleep(2);
            }
        }
    }
}
