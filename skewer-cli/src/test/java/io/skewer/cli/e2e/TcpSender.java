package io.skewer.cli.e2e;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

/** Sends numbered RFC 5424 messages of 256 bytes over one TCP connection, one per line. */
final class TcpSender {
    private static final String FILL = "the quick brown fox jumps over the lazy dog ".repeat(6);
    private static final int MESSAGE_BYTES = 256;

    private TcpSender() {}

    /** Sends so many messages for each sender, all senders at the same time. */
    static void sendAll(int port, int count, String... senders) {
        CompletableFuture.allOf(Stream.of(senders)
                        .map(sender -> CompletableFuture.runAsync(
                                () -> {
                                    try {
                                        send(port, sender, count);
                                    } catch (IOException cause) {
                                        throw new UncheckedIOException(cause);
                                    }
                                },
                                task -> Thread.ofPlatform().start(task)))
                        .toArray(CompletableFuture[]::new))
                .join();
    }

    static void send(int port, String sender, int count) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
                OutputStream out = new BufferedOutputStream(socket.getOutputStream(), 128 * 1024)) {
            for (int number = 0; number < count; number++) {
                out.write(message(sender, number).getBytes(StandardCharsets.US_ASCII));
                out.write('\n');
            }
        }
    }

    /** @param sender names the host, and the file that the message ends up in */
    static String message(String sender, int number) {
        String head = "<165>1 2026-11-22T06:53:21.000001Z " + sender + " app 4242 ID47 [x@32473 iut=\"3\"] "
                + History.mark(sender, number) + " ";
        return head + FILL.substring(0, MESSAGE_BYTES - head.length());
    }
}
