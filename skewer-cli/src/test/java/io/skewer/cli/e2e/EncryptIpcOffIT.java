package io.skewer.cli.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code main.encrypt_ipc = false}: the same promises over links in the clear. */
class EncryptIpcOffIT {
    private static final int COUNT = 50_000;

    @TempDir
    Path directory;

    @Test
    void everythingArrivesAlsoOverNewLinksAfterAProcessWasKilled() throws Exception {
        try (TestDaemon daemon =
                new DaemonSetup(directory).main("encrypt_ipc = false").start()) {
            TcpSender.send(daemon.tcpPort, "before", COUNT);
            try (RelpTraffic traffic = RelpTraffic.start(daemon.relpPort, "sender")) {
                traffic.await(daemon, 1_000);
                daemon.killAndAwaitSuccessor("skewer-store");
                traffic.await(daemon, 1_000);
                daemon.killAndAwaitSuccessor("skewer-forward-file");
                traffic.await(daemon, 1_000);
                int count = traffic.stop();
                daemon.await(
                        "all acknowledged messages",
                        () -> daemon.read().faults(count, "sender").isEmpty());
            }
            assertThat(daemon.read().faults(COUNT, "before")).isEmpty();
            assertThat(daemon.metric("skewer_process_restarts_total")).isEqualTo(2);
        }
    }
}
