package io.skewer.core.source;

import io.skewer.core.config.Connections;
import io.skewer.core.config.RelpSource;
import io.skewer.core.config.TcpSource;
import io.skewer.core.config.UdpSource;
import io.skewer.core.measure.Measures;
import io.skewer.core.message.SealedBatch;
import io.skewer.core.source.relp.RelpListener;
import io.skewer.core.source.tcp.TcpListener;
import io.skewer.core.source.udp.UdpListener;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What a listener ({@code tcp}, {@code udp} or {@code relp}) costs without decoder, store and destination: run it, send to the port
 * that it prints, and read a line per second. Batches are compressed and thrown away.
 */
final class ListenerBench {
    private ListenerBench() {}

    private static final class Discarding implements Outlet {
        final AtomicLong messages = new AtomicLong();
        final AtomicLong batches = new AtomicLong();
        final AtomicLong bytes = new AtomicLong();

        @Override
        public long creditBytes() {
            return Long.MAX_VALUE;
        }

        @Override
        public void handOver(SealedBatch batch, Runnable kept) {
            messages.addAndGet(batch.count());
            bytes.addAndGet(batch.bytes().length);
            batches.incrementAndGet();
            kept.run();
        }

        @Override
        public void whenReady(Runnable resume) {
            resume.run();
        }
    }

    public static void main(String[] arguments) throws Exception {
        Discarding outlet = new Discarding();
        SourceContext context = new SourceContext(
                outlet,
                new Measures(),
                () -> System.currentTimeMillis() * 1_000_000,
                Duration.ofMillis(5),
                65536,
                Integer.getInteger("loops", 1));
        listenOn(arguments.length == 0 ? "tcp" : arguments[0], context);
        long before = 0;
        long cpuBefore = cpuNs();
        while (true) {
            Thread.sleep(1000);
            long now = outlet.messages.get();
            long cpu = cpuNs();
            if (now != before) {
                System.out.printf(
                        "%d messages in all, %d/s, %.2f CPU s per million, %d batches, %d bytes%n",
                        now,
                        now - before,
                        (cpu - cpuBefore) / 1e3 / (now - before),
                        outlet.batches.get(),
                        outlet.bytes.get());
            }
            before = now;
            cpuBefore = cpu;
        }
    }

    private static void listenOn(String source, SourceContext context) throws IOException {
        ListeningSocket socket = source.equals("udp") ? Sockets.datagram("127.0.0.1") : Sockets.stream("127.0.0.1");
        List<ListeningSocket> sockets = List.of(socket);
        Connections connections = Sockets.connections(Duration.ZERO, 1000);
        switch (source) {
            case "udp" -> {
                UdpListener udp = new UdpListener(context);
                udp.listen(
                        sockets,
                        new UdpSource(Sockets.listening(), Sockets.DECODING, Sockets.ROUTING, 8 << 20),
                        Sockets.RAW);
                udp.start();
            }
            case "relp" -> {
                RelpListener relp = new RelpListener(context);
                relp.listen(
                        sockets,
                        new RelpSource(Sockets.listening(), connections, Sockets.DECODING, Sockets.ROUTING, 1024),
                        Sockets.RAW);
                relp.start();
            }
            default -> {
                TcpListener tcp = new TcpListener(context);
                tcp.listen(
                        sockets,
                        new TcpSource(Sockets.listening(), connections, Sockets.DECODING, Sockets.ROUTING, false, "\n"),
                        Sockets.RAW);
                tcp.start();
            }
        }
        System.out.println(source + " port " + socket.port());
    }

    private static long cpuNs() {
        return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
                .getProcessCpuTime();
    }
}
