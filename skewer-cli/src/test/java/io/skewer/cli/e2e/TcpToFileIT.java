package io.skewer.cli.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A million messages from a TCP socket into a file. */
class TcpToFileIT {
    private static final int PER_CONNECTION = 250_000;
    private static final String[] SENDERS = {"a", "b", "c", "d"};

    @TempDir
    Path directory;

    @Test
    void aMillionMessagesArriveInAFileNoneMissingEachConnectionInOrder() throws Exception {
        try (TestDaemon daemon = TestDaemon.toFiles(directory)) {
            TcpSender.sendAll(daemon.tcpPort, PER_CONNECTION, SENDERS);
            History history = daemon.awaitMessages(SENDERS.length * PER_CONNECTION);
            assertThat(history.faults(PER_CONNECTION, SENDERS)).isEmpty();
            assertThat(history.duplicates()).isZero();
            assertThat(daemon.metric("skewer_received_messages_total")).isEqualTo(SENDERS.length * PER_CONNECTION);
            assertThat(daemon.metric("skewer_stored_messages_total")).isEqualTo(SENDERS.length * PER_CONNECTION);
            assertThat(daemon.metric("skewer_delivered_messages_total")).isEqualTo(SENDERS.length * PER_CONNECTION);
        }
    }
}
