package io.skewer.cli.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** P1: every message that a RELP sender got an acknowledgement for arrives, whichever process is killed meanwhile. */
class KilledChildrenIT {
    private static final int KILLS = 3;
    private static final int WINDOW = 128;

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"skewer-relp", "skewer-store", "skewer-forward-file"})
    void everyAcknowledgedMessageArrivesThoughAProcessIsKilled(String victim) throws Exception {
        try (TestDaemon daemon = TestDaemon.toFiles(directory)) {
            AtomicBoolean stop = new AtomicBoolean();
            AtomicInteger acknowledged = new AtomicInteger();
            CompletableFuture<Void> sending = CompletableFuture.runAsync(() -> sendUntil(stop, daemon.relpPort, acknowledged));
            for (int i = 0; i < KILLS; i++) {
                int before = acknowledged.get();
                daemon.await("traffic before the kill", () -> acknowledged.get() > before + 2_000);
                ProcessHandle process = daemon.children().get(victim);
                assertThat(process).as("%s runs", victim).isNotNull();
                process.destroyForcibly();
                daemon.await(victim + " to be started again", () -> {
                    ProcessHandle next = daemon.children().get(victim);
                    return next != null && next.pid() != process.pid();
                });
            }
            int before = acknowledged.get();
            daemon.await("traffic after the last kill", () -> acknowledged.get() > before + 2_000);
            stop.set(true);
            sending.get(60, TimeUnit.SECONDS);
            int count = acknowledged.get();
            daemon.await("all acknowledged messages", () -> daemon.read().faults(count, "sender").isEmpty());
            assertThat(daemon.metric("skewer_process_restarts_total")).isEqualTo(KILLS);
        }
    }

    /** Sends numbers in order; after a broken session it begins again behind the last number that was acknowledged. */
    private static void sendUntil(AtomicBoolean stop, int port, AtomicInteger acknowledged) {
        while (!stop.get()) {
            int first = acknowledged.get();
            try (RelpClient client = new RelpClient(port)) {
                int next = first;
                while (!stop.get()) {
                    client.syslog(TcpSender.message("sender", next++));
                    acknowledged.set(first + (int) client.awaitAnswers(next % WINDOW == 0 ? 0 : WINDOW));
                }
                acknowledged.set(first + (int) client.awaitAnswers(0));
            } catch (IOException brokenSession) {
                // As a real sender: connect again and repeat what was not acknowledged.
            }
        }
    }
}
