package io.skewer.cli.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The policies do not depend on the collector that skewer ships: sealed processes do their work with the others as well. */
@EnabledOnOs(OS.LINUX)
class CollectorsIT {
    private static final int MESSAGES = 20_000;

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"-XX:+UseG1GC", "-XX:+UseZGC"})
    void theSealedDaemonWorksUnder(String collector) throws Exception {
        try (TestDaemon daemon = new DaemonSetup(directory)
                        .jvmOptions("-XX:-UseSerialGC", collector)
                        .start();
                RelpTraffic traffic = RelpTraffic.start(daemon.relpPort, "sender")) {
            TcpSender.send(daemon.tcpPort, "stream", MESSAGES);
            daemon.killAndAwaitSuccessor("skewer-store");
            traffic.await(daemon, MESSAGES);
            int count = traffic.stop();
            daemon.await("an empty queue", () -> daemon.metric("skewer_queue_messages") == 0);
            History history = daemon.read();
            assertThat(history.faults(count, "sender")).isEmpty();
            assertThat(history.faults(MESSAGES, "stream")).isEmpty();
            assertThat(daemon.log()).doesNotContain("call_refused");
            assertThat(daemon.metric("skewer_process_restarts_total")).isEqualTo(1);
        }
    }
}
