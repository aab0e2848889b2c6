package io.skewer.cli.e2e;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Many RELP senders, each of which sends a session with one message at one byte per second, and reads its answers at the end. */
final class SlowRelpSenders implements AutoCloseable {
    private static final byte[] SESSION = "1 open 0\n2 syslog 5 <13>x\n3 close 0\n".getBytes(StandardCharsets.US_ASCII);

    private static final int ANSWER_PATIENCE_MS = 60_000;

    private final List<SocketChannel> channels = new ArrayList<>();
    private CompletableFuture<Integer> answered = CompletableFuture.completedFuture(0);
    private volatile boolean closed;

    private SlowRelpSenders() {}

    static SlowRelpSenders start(int port, int count) throws IOException {
        SlowRelpSenders senders = new SlowRelpSenders();
        for (int i = 0; i < count; i++) {
            senders.channels.add(SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port)));
        }
        senders.answered = CompletableFuture.supplyAsync(
                senders::send, task -> Thread.ofPlatform().daemon().start(task));
        return senders;
    }

    private int send() {
        try {
            for (byte next : SESSION) {
                long endNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(1);
                for (SocketChannel channel : channels) {
                    channel.write(ByteBuffer.wrap(new byte[] {next}));
                }
                while (!closed && System.nanoTime() < endNs) {
                    Thread.sleep(10);
                }
            }
            int count = 0;
            for (SocketChannel channel : channels) {
                channel.socket().setSoTimeout(ANSWER_PATIENCE_MS);
                String answers =
                        new String(channel.socket().getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
                count += answers.contains("\n2 rsp 6 200 OK\n") ? 1 : 0;
            }
            return count;
        } catch (IOException cause) {
            throw new IllegalStateException(cause);
        } catch (InterruptedException never) {
            Thread.currentThread().interrupt();
            return 0;
        }
    }

    /** Whether all have said everything and heard the answer, or one of them could not. */
    boolean areDone() {
        return answered.isDone();
    }

    /** How many got the answer that their message is kept. */
    int answered() throws InterruptedException, ExecutionException, TimeoutException {
        return answered.get(120, TimeUnit.SECONDS);
    }

    @Override
    public void close() throws IOException {
        closed = true;
        for (SocketChannel channel : channels) {
            channel.close();
        }
    }
}
