package io.skewer.cli.quickstart;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Ports of 127.0.0.1 that nobody listens on, neither by TCP nor by UDP, each given once. They are below those that the kernel gives to
 * outgoing connections: one of those could be taken by anybody's connection before it is listened on, even by the one of a client that waits
 * for its server there. Safe for use by several threads.
 */
public final class FreePorts {
    private static final int LOWEST = 10_000;
    private static final int HIGHEST = lowestOfConnections() - 1;
    /** Two programs on one machine hardly begin at the same place. */
    private static final AtomicInteger NEXT =
            new AtomicInteger(ThreadLocalRandom.current().nextInt(HIGHEST - LOWEST));

    private FreePorts() {}

    /** @throws IOException when there is none */
    public static int next() throws IOException {
        for (int tries = LOWEST; tries <= HIGHEST; tries++) {
            int port = LOWEST + Math.floorMod(NEXT.getAndIncrement(), HIGHEST - LOWEST);
            if (isFree(port)) {
                return port;
            }
        }
        throw new IOException("no port from " + LOWEST + " to " + HIGHEST + " is free");
    }

    private static boolean isFree(int port) {
        InetAddress host = InetAddress.getLoopbackAddress();
        try (ServerSocket stream = new ServerSocket(port, 1, host);
                DatagramSocket datagram = new DatagramSocket(port, host)) {
            return stream.isBound() && datagram.isBound();
        } catch (IOException taken) {
            return false;
        }
    }

    private static int lowestOfConnections() {
        try {
            String range = Files.readString(Path.of("/proc/sys/net/ipv4/ip_local_port_range"));
            return Math.max(LOWEST + 1_000, Integer.parseInt(range.strip().split("\\s+", -1)[0]));
        } catch (IOException elsewhere) {
            return 32_768;
        }
    }
}
