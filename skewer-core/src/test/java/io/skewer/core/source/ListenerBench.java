package io.skewer.core.source;

import io.skewer.core.config.TcpSource;
import io.skewer.core.measure.Measures;
import io.skewer.core.message.SealedBatch;
import io.skewer.core.source.tcp.TcpListener;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What a TCP listener costs without decoder, store and destination: run it, send to the port that it prints, and read a line per
 * second. Batches are compressed and thrown away.
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
        public int batchesInFlight() {
            return 0;
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
        TcpListener tcp = new TcpListener(context);
        ListeningSocket socket = Sockets.stream("127.0.0.1");
        tcp.listen(
                List.of(socket),
                new TcpSource(
                        Sockets.listening(),
                        Sockets.connections(Duration.ZERO, 1000),
                        Sockets.DECODING,
                        Sockets.ROUTING,
                        false,
                        "\n"),
                Sockets.RAW);
        tcp.start();
        System.out.println("tcp port " + socket.port());
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

    private static long cpuNs() {
        return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
                .getProcessCpuTime();
    }
}
