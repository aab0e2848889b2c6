package io.skewer.cli.e2e;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** Sends numbered messages as datagrams. */
final class UdpSender {
    private UdpSender() {}

    static void send(int port, String sender, int count) throws IOException {
        try (DatagramSocket socket = new DatagramSocket()) {
            for (int number = 0; number < count; number++) {
                send(socket, port, TcpSender.message(sender, number).getBytes(StandardCharsets.US_ASCII));
            }
        }
    }

    /** Sends for a time, as fast as it goes. @return how many */
    static int sendFor(int port, String sender, Duration time) throws IOException {
        try (DatagramSocket socket = new DatagramSocket()) {
            long endNs = System.nanoTime() + time.toNanos();
            int number = 0;
            while (System.nanoTime() < endNs) {
                send(socket, port, TcpSender.message(sender, number++).getBytes(StandardCharsets.US_ASCII));
            }
            return number;
        }
    }

    /** Sends one datagram with these bytes. */
    static void send(int port, byte[] bytes) throws IOException {
        try (DatagramSocket socket = new DatagramSocket()) {
            send(socket, port, bytes);
        }
    }

    private static void send(DatagramSocket socket, int port, byte[] bytes) throws IOException {
        socket.send(new DatagramPacket(bytes, bytes.length, InetAddress.getLoopbackAddress(), port));
    }
}
