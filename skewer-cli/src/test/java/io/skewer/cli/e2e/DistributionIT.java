package io.skewer.cli.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.skewer.cli.quickstart.FreePorts;
import io.skewer.cli.quickstart.ServeProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The archive, unpacked where nobody expected it to be: it brings its own Java, and class caches that fit. */
class DistributionIT {
    /** Ends a JVM whose class cache does not fit it, the jars, or their times: otherwise it would only start slowly. */
    private static final String CACHE_OR_END = "-XX:AOTMode=on";

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    Path directory;

    private Path script;

    @BeforeEach
    void unpack() throws Exception {
        String archive = System.getProperty("skewer.archive");
        Required.that(Files.exists(Path.of(archive)), "the build went without class caches, and so without an archive");
        Execution tar = Execution.of("tar", "-xzf", archive, "-C", directory.toString());
        assertThat(tar.status()).as(tar.err()).isZero();
        try (Stream<Path> top = Files.list(directory)) {
            script = top.toList().getFirst().resolve("skewer");
        }
    }

    @Test
    void holdsWhatAnOperatorNeeds() {
        assertThat(script.resolveSibling("LICENSE")).exists();
        assertThat(script.resolveSibling("systemd/skewer.service")).exists();
        assertThat(script.resolveSibling("skewer.example.toml")).exists();
        assertThat(script.resolveSibling("runtime/bin/java")).isExecutable();
        for (String cache : List.of("supervisor", "roles", "forward-kafka")) {
            assertThat(script.resolveSibling("cache/" + cache + ".aot")).exists();
        }
    }

    @Test
    void hasNoBrokerForQuickstartAndSaysSo() throws Exception {
        Execution quickstart = Execution.of(script.toString(), "quickstart", "--messages", "1");
        assertThat(quickstart.status()).isEqualTo(1);
        assertThat(quickstart.err()).startsWith("quickstart: the broker of quickstart is only in a checkout");
    }

    @Test
    void everyProcessRunsOnTheRuntimeOfTheArchiveWithItsClassCache() throws Exception {
        String toml = """
                [main]
                destination = "kafka,file,stderr"
                [metrics]
                port = 0
                [kafka_destination]
                brokers = ["127.0.0.1:1"]
                [file_destination]
                filename = "%s/all.log"
                [[tcp_source]]
                ports = [%d]
                bind_addr = "127.0.0.1"
                [confinement]
                absent = ["uid"]
                """.formatted(directory.resolve("out"), FreePorts.next());
        Map<String, String> environment = Map.of(
                "SKEWER_JVM_OPTIONS",
                CACHE_OR_END + " -Dskewer.jvm=" + CACHE_OR_END,
                "JAVA_HOME",
                "/nowhere",
                "PATH",
                "/usr/bin:/bin");
        Path home = directory.resolve("daemon");
        try (ServeProcess daemon = ServeProcess.start(new ServeProcess.Script(script, environment), home, toml)) {
            daemon.awaitStarted(PATIENCE);
            assertThat(Files.readString(home.resolve("serve.log"))).doesNotContain("[warning]");
            daemon.process().destroy();
            assertThat(daemon.process().waitFor(PATIENCE)).isTrue();
        }
    }
}
