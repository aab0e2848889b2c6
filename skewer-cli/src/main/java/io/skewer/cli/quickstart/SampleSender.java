package io.skewer.cli.quickstart;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Sends a few messages as three kinds of senders would. Every message carries the time of its sending. */
final class SampleSender {
    private static final int PATIENCE_MS = 20_000;

    private final InetAddress host = InetAddress.getLoopbackAddress();

    void sendTcp(int port, int count) throws IOException {
        try (Socket socket = connect(port)) {
            OutputStream out = socket.getOutputStream();
            for (int i = 1; i <= count; i++) {
                out.write(message("tcp", i, "\n"));
            }
            out.flush();
        }
    }

    void sendUdp(int port, int count) throws IOException {
        try (DatagramSocket socket = new DatagramSocket()) {
            for (int i = 1; i <= count; i++) {
                byte[] bytes = message("udp", i, "");
                socket.send(new DatagramPacket(bytes, bytes.length, host, port));
            }
        }
    }

    /** Returns when all messages were acknowledged. */
    void sendRelp(int port, int count) throws IOException {
        try (Socket socket = connect(port)) {
            OutputStream out = socket.getOutputStream();
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
            String offers = "relp_version=0\nrelp_software=skewer-quickstart\ncommands=syslog";
            out.write(ascii("1 open " + offers.length() + " " + offers + "\n"));
            awaitAnswer(in, 1);
            for (int i = 1; i <= count; i++) {
                byte[] message = message("relp", i, "");
                out.write(ascii((i + 1) + " syslog " + message.length + " "));
                out.write(message);
                out.write('\n');
            }
            out.flush();
            for (int i = 1; i <= count; i++) {
                awaitAnswer(in, i + 1);
            }
            out.write(ascii((count + 2) + " close 0\n"));
        }
    }

    private static void awaitAnswer(BufferedReader in, int txnr) throws IOException {
        String start = txnr + " rsp ";
        while (true) {
            String line = in.readLine();
            if (line == null) {
                throw new IOException("the connection ended before the answer to transaction " + txnr);
            }
            if (line.startsWith(start)) {
                if (!line.contains(" 200")) {
                    throw new IOException("transaction " + txnr + " was answered: " + line);
                }
                return;
            }
        }
    }

    private Socket connect(int port) throws IOException {
        Socket socket = new Socket();
        socket.connect(new InetSocketAddress(host, port), PATIENCE_MS);
        socket.setSoTimeout(PATIENCE_MS);
        return socket;
    }

    private static byte[] message(String via, int number, String end) {
        Instant now = Instant.now().truncatedTo(ChronoUnit.MICROS);
        return ascii("<13>1 " + now + " quickstart " + via + " "
                + ProcessHandle.current().pid() + " - [sample@32473 number=\"" + number + "\"] hello number " + number
                + " over " + via + end);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
