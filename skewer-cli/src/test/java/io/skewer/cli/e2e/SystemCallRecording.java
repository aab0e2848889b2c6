package io.skewer.cli.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.skewer.cli.quickstart.KafkaBroker;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Runs the real daemon, sealed, with every source and every destination through what daemons meet, and writes down which system calls its
 * processes made: {@code native/policy/witness/ROLE.tsv}. A call outside of a policy would end its process and so this run; a line of a policy that
 * has no witness there needs a written reason, which {@code PolicyWitnessTest} checks. No two runs make the same calls, so what earlier ones saw
 * stays; who wants to begin anew deletes the files. Not part of the ordinary tests: {@code -Precord}.
 */
class SystemCallRecording {
    private static final Path POLICIES = Path.of("../native/policy");

    private static final List<String> VICTIMS = List.of(
            "skewer-tcp",
            "skewer-udp",
            "skewer-relp",
            "skewer-store",
            "skewer-forward-kafka",
            "skewer-forward-file",
            "skewer-forward-stderr");
    private static final String SECRET = "secret = \"c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0MDE=\"";
    /** Too large for Kafka as these daemons are told. */
    private static final int LETTER_BYTES = 4_000;

    @TempDir
    Path directory;

    private final SortedMap<String, SortedSet<String>> calls = new TreeMap<>();

    /**
     * A daemon unlike the others.
     *
     * @param name also the compression of Kafka
     * @param brokers with {@code %s} for the port
     * @param death by which signal processes die
     */
    private record Round(String name, String brokers, String main, String file, String store, String death) {
        static final List<Round> ALL = List.of(
                new Round(
                        "lz4",
                        "\"localhost:%s\"",
                        "encrypt_ipc = true",
                        "sync = true",
                        "fsync = true\n" + SECRET,
                        "KILL"),
                new Round(
                        "zstd",
                        "\"nowhere.invalid:9092\", \"127.0.0.1:%s\"",
                        "encrypt_ipc = true",
                        "gzip = true",
                        "fsync = true",
                        "KILL"),
                new Round(
                        "snappy",
                        "\"127.0.0.1:%s\"",
                        "encrypt_ipc = false",
                        "sync = false",
                        "fsync = false\nmax_size = \"8MiB\"",
                        "SEGV"));

        DaemonSetup setup(Path home, String broker) {
            String port = broker.substring(broker.indexOf(':') + 1);
            return new DaemonSetup(home)
                    .destination("kafka,file,stderr")
                    .everySource("topic_tmpl = \"" + name + "\"\n")
                    .main(main)
                    .fileDestination("flush_period = \"50ms\"\n" + file)
                    .sections("[kafka_destination]\nbrokers = [" + brokers.formatted(port)
                            + "]\nmessage_bytes_max = 2000\n" + "compression = \"" + name + "\"\n")
                    .sections("[store]\nsegment_size = \"1MiB\"\nmin_free = \"2MiB\"\n" + store)
                    .sections("[[tcp_source]]\nunix_socket_path = \"" + home.resolve("tcp.sock") + "\"\n")
                    .sections("[[udp_source]]\nunix_socket_path = \"" + home.resolve("udp.sock") + "\"\n")
                    // Garbage collections all the time, full ones with classes to unload among them.
                    .jvmOptions("-Xmn1m", "-XX:MaxTenuringThreshold=0");
        }
    }

    @Test
    void theCallsOfTheRealWorkloads() throws Exception {
        try (KafkaBroker broker = KafkaBroker.prepare().start()) {
            for (Round round : Round.ALL) {
                record(broker, round);
            }
        }
        Path witnesses = Files.createDirectories(POLICIES.resolve("witness"));
        for (String role : calls.keySet()) {
            Path witness = witnesses.resolve(role + ".tsv");
            calls.get(role).addAll(Files.exists(witness) ? Files.readAllLines(witness) : List.of());
            Files.write(witness, calls.get(role));
        }
        assertThat(calls.keySet()).contains("supervisor");
        VICTIMS.forEach(victim -> assertThat(calls.keySet()).contains(victim.substring(7)));
    }

    private void record(KafkaBroker broker, Round round) throws Exception {
        Path home = directory.resolve(round.name);
        DaemonSetup setup = round.setup(home, broker.address())
                .options("--logfilename", Files.createDirectories(home.resolve("log")) + "/skewer.log");
        try (TestDaemon daemon = TestDaemon.launchLoggingTo(home.resolve("log/skewer.log"), setup)) {
            SystemCallTrace trace = SystemCallTrace.of(daemon.serve().process().toHandle(), POLICIES);
            daemon.awaitStarted();
            work(daemon, broker, round);
            daemon.stop();
            trace.await()
                    .forEach((role, seen) -> calls.computeIfAbsent(role, ignored -> new TreeSet<>())
                            .addAll(seen));
            assertThat(trace.unsealed()).as("traced too late").isEmpty();
            assertThat(daemon.log()).doesNotContain("call_refused");
        }
    }

    private static void work(TestDaemon daemon, KafkaBroker broker, Round round) throws Exception {
        String launcher = "" + daemon.serve().process().pid();
        try (RelpTraffic traffic = RelpTraffic.start(daemon.relpPort, "sender", 2_000)) {
            List<Thread> beside = List.of(
                    Thread.ofPlatform().start(() -> sendStreams(daemon)),
                    Thread.ofPlatform().start(() -> sendDatagrams(daemon)));
            traffic.await(daemon, 5_000);
            daemon.page();
            broker.kill();
            traffic.await(daemon, 3_000);
            Execution.of("kill", "-HUP", launcher);
            Execution.of("kill", "-USR1", launcher);
            broker.start();
            letters(daemon);
            for (String victim : VICTIMS) {
                ProcessHandle process = daemon.children().get(victim);
                Execution.of("kill", "-" + round.death, "" + process.pid());
                daemon.awaitSuccessor(victim, process);
                traffic.await(daemon, 500);
            }
            for (Thread each : beside) {
                each.join();
            }
            // A destination that stands still: with a limit, the store gets full and holds everybody back.
            ProcessHandle still = daemon.children().get("skewer-forward-file");
            Execution.of("kill", "-STOP", "" + still.pid());
            Thread.sleep(Duration.ofSeconds(5));
            Execution.of("kill", "-CONT", "" + still.pid());
            traffic.await(daemon, 1_000);
            traffic.stop();
            daemon.await("an empty queue", () -> daemon.metric("skewer_queue_messages") == 0);
        }
        Thread.sleep(Duration.ofSeconds(3)); // what idle processes do
    }

    /** Messages that a destination refuses, and the orders of an operator. */
    private static void letters(TestDaemon daemon) throws Exception {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), daemon.tcpPort)) {
            String large = "<13>1 - host large - - - " + "x".repeat(LETTER_BYTES) + "\n";
            socket.getOutputStream().write(large.getBytes(StandardCharsets.US_ASCII));
        }
        String config = daemon.home().toString();
        String store = daemon.store().toString();
        daemon.await(
                "a dead letter",
                () -> Execution.ofSkewer("dead-letters", "ls", "--config", config, "--store", store)
                        .out()
                        .contains("kafka"));
        for (String verb : List.of("replay", "drop")) {
            Execution order = Execution.ofSkewer(
                    "dead-letters", verb, "--config", config, "--store", store, "--destination", "kafka");
            assertThat(order.status()).as("%s: %s", verb, order.err()).isZero();
        }
    }

    private static void sendStreams(TestDaemon daemon) {
        try {
            for (int i = 0; i < 30; i++) {
                TcpSender.send(daemon.tcpPort, "stream", 1_000);
            }
        } catch (IOException killedListener) {
            // One of the deaths broke the connection.
        }
    }

    private static void sendDatagrams(TestDaemon daemon) {
        try {
            for (int i = 0; i < 20; i++) {
                UdpSender.send(daemon.udpPort, "datagrams", 1_000);
            }
        } catch (IOException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
