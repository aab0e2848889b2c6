package io.skewer.cli.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * P1, round after round: under RELP load one process is killed, whichever comes up, at any moment. At the end everything that was acknowledged
 * has arrived, first deliveries in the order of the sender, and the files of the store are whole. {@code -Dskewer.rounds=1000} makes more of it,
 * {@code -Dskewer.seed=N} the same ones again.
 */
class CrashRoundsIT {
    private static final int ROUNDS = Integer.getInteger("skewer.rounds", 50);
    private static final String LAUNCHER = "launcher";
    private static final String SUPERVISOR = "supervisor";
    /** Those after whose death all start again come up less often: that takes longest and is the least delicate. */
    private static final List<String> VICTIMS = List.of(
            "skewer-store",
            "skewer-store",
            "skewer-store",
            "skewer-store",
            "skewer-relp",
            "skewer-relp",
            "skewer-forward-file",
            "skewer-forward-file",
            SUPERVISOR,
            LAUNCHER);

    private static final int MESSAGES_PER_SECOND = 3_000;

    @TempDir
    Path directory;

    @Test
    void everythingAcknowledgedArrivesWhicheverProcessIsKilledAndWhen() throws Exception {
        long seed = Long.getLong("skewer.seed", System.nanoTime());
        System.out.println("crash rounds: skewer.rounds=" + ROUNDS + " skewer.seed=" + seed);
        Random random = new Random(seed);
        Map<String, Integer> killed = new TreeMap<>();
        try (TestDaemon daemon = new DaemonSetup(directory)
                        .fileDestination("flush_period = \"100ms\"")
                        .sections("[store]\nsegment_size = \"1MiB\"\n")
                        .start();
                RelpTraffic traffic = RelpTraffic.start(daemon.relpPort, "sender", MESSAGES_PER_SECOND)) {
            for (int round = 0; round < ROUNDS; round++) {
                traffic.await(daemon, 1 + random.nextInt(500));
                TimeUnit.MICROSECONDS.sleep(random.nextInt(50_000));
                String victim = VICTIMS.get(random.nextInt(VICTIMS.size()));
                killed.merge(victim, 1, Integer::sum);
                kill(daemon, victim);
            }
            traffic.await(daemon, 500);
            int count = traffic.stop();
            daemon.await("an empty queue", () -> daemon.metric("skewer_queue_messages") == 0);
            daemon.await(
                    "all acknowledged messages",
                    () -> daemon.read().faults(count, "sender").isEmpty());
            History history = daemon.read();
            System.out.println(
                    "crash rounds: killed " + killed + ", acknowledged " + count + ", twice " + history.duplicates());
            assertThat(daemon.metric("skewer_lost_messages_total")).isZero();
            daemon.stop();
            assertThat(Files.exists(daemon.store().resolve("quarantine")))
                    .as("nothing was damaged")
                    .isFalse();
            Execution verify = Execution.ofSkewer(
                    "store",
                    "verify",
                    "--config",
                    daemon.home().toString(),
                    "--store",
                    daemon.store().toString());
            assertThat(verify.status()).as(verify.out() + verify.err()).isZero();
        }
    }

    private static void kill(TestDaemon daemon, String victim) throws Exception {
        switch (victim) {
            case LAUNCHER -> {
                List<ProcessHandle> others =
                        daemon.serve().process().descendants().toList();
                daemon.serve().process().destroyForcibly().waitFor();
                for (ProcessHandle other : others) {
                    // As long as it lives it holds the ports and the store.
                    daemon.awaitEnd(other);
                }
                daemon.restart();
            }
            case SUPERVISOR -> {
                daemon.supervisor().destroyForcibly();
                assertThat(daemon.serve().process().waitFor(60, TimeUnit.SECONDS))
                        .as("the launcher ends with the supervisor")
                        .isTrue();
                daemon.restart();
            }
            default -> daemon.killAndAwaitSuccessor(victim);
        }
    }
}
