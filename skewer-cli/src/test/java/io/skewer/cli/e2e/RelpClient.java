package io.skewer.cli.e2e;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.function.LongConsumer;

/** A RELP sender with a window, that knows which of its messages were acknowledged. Used by one thread. */
final class RelpClient implements AutoCloseable {
    private static final int READ_TIMEOUT_MS = 60_000;

    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;
    private final LongConsumer acknowledged;
    private long lastTxnr;
    private long answeredTxnr;

    RelpClient(int port) throws IOException {
        this(port, ignored -> {});
    }

    /** @param acknowledged is told with each answer how many messages have got theirs */
    RelpClient(int port, LongConsumer acknowledged) throws IOException {
        this.acknowledged = acknowledged;
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(READ_TIMEOUT_MS);
        in = new BufferedInputStream(socket.getInputStream());
        out = new BufferedOutputStream(socket.getOutputStream(), 64 * 1024);
        send("open", "relp_version=0\nrelp_software=test\ncommands=syslog");
        awaitAnswers(0);
    }

    /** Sends a message without waiting; flushed when answers are awaited. */
    void syslog(String message) throws IOException {
        send("syslog", message);
    }

    private void send(String command, String data) throws IOException {
        byte[] bytes = data.getBytes(StandardCharsets.UTF_8);
        out.write((++lastTxnr + " " + command + " " + bytes.length + " ").getBytes(StandardCharsets.US_ASCII));
        out.write(bytes);
        out.write('\n');
    }

    /** Waits until no more than {@code open} transactions are without answer. @return messages acknowledged so far */
    long awaitAnswers(int open) throws IOException {
        out.flush();
        while (lastTxnr - answeredTxnr > open) {
            long txnr = Long.parseLong(word());
            String command = word();
            int length = Integer.parseInt(lengthWord());
            String data = new String(in.readNBytes(length), StandardCharsets.UTF_8);
            if (length > 0 && in.read() != '\n') {
                throw new IOException("an answer does not end with LF");
            }
            if (!command.equals("rsp") || !data.startsWith("200") || txnr != answeredTxnr + 1) {
                throw new IOException("unexpected answer " + txnr + " " + command + " " + data);
            }
            answeredTxnr = txnr;
            acknowledged.accept(answeredTxnr - 1);
        }
        return answeredTxnr - 1;
    }

    private String word() throws IOException {
        StringBuilder word = new StringBuilder();
        for (int c = in.read(); c != ' '; c = in.read()) {
            if (c < 0) {
                throw new EOFException("the server closed the session");
            }
            word.append((char) c);
        }
        return word.toString();
    }

    /** The length ends with a space, or with LF when there is no data. */
    private String lengthWord() throws IOException {
        StringBuilder word = new StringBuilder();
        for (int c = in.read(); c != ' ' && c != '\n'; c = in.read()) {
            if (c < 0) {
                throw new EOFException("the server closed the session");
            }
            word.append((char) c);
        }
        return word.toString();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
