package io.skewer.core.source.relp;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** The sending side of RELP, byte by byte as the test wants it. */
final class RelpClient implements AutoCloseable {
    static final String OFFERS =
            "relp_version=0\nrelp_software=librelp,1.11.0,http://librelp.adiscon.com\ncommands=syslog";

    final Socket socket;
    private final InputStream in;
    private int txnr;

    RelpClient(int port) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(20_000);
        in = new BufferedInputStream(socket.getInputStream());
    }

    static RelpClient opened(int port) throws IOException {
        RelpClient client = new RelpClient(port);
        client.command("open", OFFERS);
        if (!client.readFrame().startsWith("1 rsp 200 OK")) {
            throw new IOException("not opened");
        }
        return client;
    }

    void startAfter(int last) {
        txnr = last;
    }

    int command(String command, String data) throws IOException {
        txnr = Window.after(txnr);
        send(frame(txnr, command, data));
        return txnr;
    }

    static String frame(int txnr, String command, String data) {
        byte[] bytes = data.getBytes(StandardCharsets.UTF_8);
        return txnr + " " + command + " " + bytes.length + (bytes.length == 0 ? "" : " " + data) + "\n";
    }

    void send(String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
    }

    /** The next frame without its length: {@code "2 rsp 200 OK"}; empty at the end of the stream. */
    String readFrame() throws IOException {
        String txnr = readWord();
        if (txnr.isEmpty()) {
            return "";
        }
        String command = readWord();
        StringBuilder digits = new StringBuilder();
        int next = in.read();
        while (next >= '0' && next <= '9') {
            digits.append((char) next);
            next = in.read();
        }
        int length = Integer.parseInt(digits.toString());
        if (length == 0) {
            return expectLf(next, txnr + " " + command);
        }
        byte[] data = in.readNBytes(length);
        return expectLf(in.read(), txnr + " " + command + " " + new String(data, StandardCharsets.UTF_8));
    }

    private static String expectLf(int trailer, String frame) throws IOException {
        if (trailer != '\n') {
            throw new IOException("no LF behind " + frame);
        }
        return frame;
    }

    private String readWord() throws IOException {
        StringBuilder word = new StringBuilder();
        int next = in.read();
        while (next > ' ') {
            word.append((char) next);
            next = in.read();
        }
        return word.toString();
    }

    /** Whether an answer comes within that time. */
    boolean hasAnswer(int waitMs) throws IOException, InterruptedException {
        long end = System.nanoTime() + waitMs * 1_000_000L;
        while (in.available() == 0) {
            if (System.nanoTime() > end) {
                return false;
            }
            Thread.sleep(5);
        }
        return true;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
