package io.skewer.cli.e2e;

import io.skewer.cli.quickstart.KafkaBroker;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Stands between clients and a broker on this machine, and holds up or loses what the broker answers. */
final class BrokerProxy implements AutoCloseable {
    private static final int BUFFER_BYTES = 64 * 1024;

    private final ServerSocket server;
    private final int brokerPort;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final AtomicInteger answersToLose = new AtomicInteger();
    private volatile long delayMs;

    /**
     * @param host of this machine, and {@code port}: where to listen, which the broker names to its clients as its own
     * @param broker where it is in truth
     */
    BrokerProxy(String host, int port, KafkaBroker broker) throws IOException {
        server = new ServerSocket(port, 50, InetAddress.getByName(host));
        brokerPort = Integer.parseInt(broker.address().substring("127.0.0.1:".length()));
        Thread.ofVirtual().start(this::accept);
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket client = server.accept();
                Socket broker = new Socket(InetAddress.getLoopbackAddress(), brokerPort);
                open.add(client);
                open.add(broker);
                Thread.ofVirtual().start(() -> pass(client, broker, false));
                Thread.ofVirtual().start(() -> pass(broker, client, true));
            } catch (IOException nobodyThere) {
                // The proxy is closed, or the broker is down: the client tries again.
            }
        }
    }

    private void pass(Socket from, Socket to, boolean answers) {
        byte[] bytes = new byte[BUFFER_BYTES];
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int count = in.read(bytes); count > 0; count = in.read(bytes)) {
                if (answers && delayMs > 0) {
                    Thread.sleep(delayMs);
                }
                if (answers && answersToLose.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
                    return;
                }
                out.write(bytes, 0, count);
            }
        } catch (IOException ended) {
            // One side is gone; closing both tells the other.
        } catch (InterruptedException never) {
            Thread.currentThread().interrupt();
        } finally {
            open.remove(from);
            open.remove(to);
        }
    }

    /** So much later comes each answer of the broker. */
    void delay(long ms) {
        delayMs = ms;
    }

    /** The broker does what it is asked, but its next answers are lost with their connections. */
    void loseAnswers(int count) {
        answersToLose.set(count);
    }

    /** Whether all answers that were to be lost are. */
    boolean isThrough() {
        return answersToLose.get() == 0;
    }

    /** Ends all connections, at whatever point they are. */
    void cut() throws IOException {
        for (Socket socket : open) {
            socket.close();
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        cut();
    }
}
