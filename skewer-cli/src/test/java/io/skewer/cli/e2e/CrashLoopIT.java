package io.skewer.cli.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Processes that die again and again, and a store that cannot be started: the supervisor goes on, and says so without flooding the log. */
class CrashLoopIT {
    private static final int DEATHS = 6;
    private static final int FIRST_PAUSE_MS = 100;
    /** Its death, its successor's birth and what its neighbours say about both. */
    private static final int LINES_PER_DEATH = 12;

    @TempDir
    Path directory;

    /** S71, and of S12 that nobody stays behind as a zombie. */
    @Test
    void aCrashLoopIsSlowedDownToldOnceAndLeavesNoZombies() throws Exception {
        try (TestDaemon daemon = TestDaemon.toFiles(directory)) {
            long linesBefore = daemon.log().lines().count();
            for (int i = 0; i < DEATHS; i++) {
                ProcessHandle victim = daemon.kill("skewer-udp");
                long killedNs = System.nanoTime();
                daemon.awaitSuccessor("skewer-udp", victim);
                assertThat(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - killedNs))
                        .as("pause %s", i)
                        .isGreaterThanOrEqualTo((long) FIRST_PAUSE_MS << i);
            }
            daemon.await("its traffic", () -> {
                UdpSender.send(daemon.udpPort, "after", 1);
                return daemon.read().distinct() > 0;
            });
            assertThat(daemon.log().lines().filter(line -> line.contains("process.crash_loop")))
                    .hasSize(1);
            assertThat(daemon.log().lines().count() - linesBefore).isLessThan(DEATHS * LINES_PER_DEATH);
            assertThat(daemon.metric("skewer_process_restarts_total")).isEqualTo(DEATHS);
            assertThat(daemon.serve().process().descendants())
                    .allMatch(process -> TestDaemon.runs(process.pid()))
                    .hasSize(6);
        }
    }

    /**
     * S20: the directory that was checked at the start is another one when the store is started again. With namespaces that shows when it is mounted,
     * without when Landlock allows it.
     */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aStoreDirectoryThatWasSwappedForALinkOrAnotherOneIsNotTakenUp(boolean namespaces) throws Exception {
        DaemonSetup setup = new DaemonSetup(directory);
        try (TestDaemon daemon = (namespaces ? setup : setup.without("namespaces")).start()) {
            Path away = directory.resolve("away");
            Path attackers = Files.createDirectories(directory.resolve("attackers"));
            Files.move(daemon.store(), away);
            Files.createSymbolicLink(daemon.store(), attackers);
            daemon.kill("skewer-store");
            daemon.await("the refusal of the link", () -> daemon.log().contains("store cannot be confined"));
            Files.delete(daemon.store());
            Files.createDirectory(daemon.store());
            daemon.await("that of the other one", () -> daemon.log().contains("is not the directory any more"));
            assertThat(daemon.children()).doesNotContainKey("skewer-store");
            assertThat(attackers).isEmptyDirectory();
            assertThat(daemon.store()).isEmptyDirectory();
            Files.delete(daemon.store());
            Files.move(away, daemon.store());
            TcpSender.send(daemon.tcpPort, "after", 100);
            assertThat(daemon.awaitMessages(100).faults(100, "after")).isEmpty();
        }
    }
}
