package io.skewer.cli.e2e;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** A UDP sender: what did not arrive was counted as dropped by the kernel, the rest came in order. */
final class UdpLoad extends PacedLoad {
    private final TestDaemon daemon;
    private final String name;

    UdpLoad(TestDaemon daemon, String name, int perSecond) {
        super(perSecond);
        this.daemon = daemon;
        this.name = name;
    }

    @Override
    void send(int number) throws IOException {
        UdpSender.send(daemon.udpPort, TcpSender.message(name, number).getBytes(StandardCharsets.US_ASCII));
    }

    @Override
    public void stop() throws Exception {
        super.stop();
        daemon.await("all datagrams to be received or dropped", () -> received() + dropped() == sent());
    }

    private int received() throws IOException, InterruptedException {
        return (int) daemon.metric("skewer_received_messages_total", "source=\"udp\"");
    }

    private int dropped() throws IOException, InterruptedException {
        return (int) daemon.metric("skewer_udp_kernel_drops_total");
    }

    @Override
    public int promised() {
        return 0;
    }

    @Override
    public List<String> faults(History history) throws IOException, InterruptedException {
        int arrived = history.distinct(name);
        return arrived == received()
                ? history.disorder(name)
                : List.of(name + ": " + arrived + " of " + received() + " received");
    }
}
