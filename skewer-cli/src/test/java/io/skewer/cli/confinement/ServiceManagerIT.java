package io.skewer.cli.confinement;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What the service manager is told over its socket, see sd_notify(3): ready, alive, stopping. Also after the launcher gave root up. */
@EnabledOnOs(OS.LINUX)
class ServiceManagerIT {
    /** Prints each datagram on a line of its own, its line feeds as commas. */
    private static final String RECEIVE =
            "my $s = IO::Socket::UNIX->new(Type => SOCK_DGRAM, Local => $ARGV[0]) or die; chmod 0777, $ARGV[0]; $| = 1;"
                    + " print \"bound\\n\"; while (defined $s->recv(my $b, 4096)) { $b =~ s/\\n/,/g; print \"$b\\n\" }";

    private static final long PATIENCE_S = 60;

    @TempDir
    Path directory;

    @Test
    void itIsToldReadyOnceAllWorksThenAliveThenStopping() throws Exception {
        Path socket = directory.resolve("notify");
        Process manager = new ProcessBuilder("perl", "-MIO::Socket::UNIX", "-e", RECEIVE, socket.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        Process daemon = null;
        try {
            LinkedBlockingQueue<String> told = linesOf(manager);
            assertThat(told.poll(PATIENCE_S, TimeUnit.SECONDS)).isEqualTo("bound");
            daemon = start(socket);
            assertThat(told.poll(PATIENCE_S, TimeUnit.SECONDS)).isEqualTo("READY=1,WATCHDOG=1");
            // Logged just before, by a thread of its own.
            long endNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(5);
            while (!Files.readString(directory.resolve("log")).contains("event=daemon.started")) {
                assertThat(System.nanoTime()).as("ready before all works").isLessThan(endNs);
                Thread.sleep(20);
            }
            // WatchdogSec of the units is 30: it may not be much later than a third of it.
            assertThat(told.poll(20, TimeUnit.SECONDS)).isEqualTo("READY=1,WATCHDOG=1");
            daemon.destroy();
            assertThat(told.poll(PATIENCE_S, TimeUnit.SECONDS)).isEqualTo("STOPPING=1");
            assertThat(daemon.waitFor(PATIENCE_S, TimeUnit.SECONDS)).isTrue();
        } finally {
            manager.destroy();
            if (daemon != null) {
                daemon.destroyForcibly();
            }
        }
    }

    private Process start(Path socket) throws IOException {
        Path config = Files.createDirectories(directory.resolve("config"));
        Files.writeString(config.resolve("skewer.toml"), """
                [main]
                destination = "stderr"
                [metrics]
                port = 0
                [[udp_source]]
                unix_socket_path = "%s"
                """.formatted(directory.resolve("udp.sock")));
        List<String> command = new ArrayList<>(List.of(
                System.getProperty("skewer.script"),
                "serve",
                "--config",
                config.toString(),
                "--store",
                directory.resolve("store").toString()));
        if (ProbeHost.isRoot()) {
            ProbeHost.open(directory);
            command.addAll(List.of("--uid", "65534", "--gid", "65534"));
        }
        var builder = new ProcessBuilder(command);
        builder.environment().put("NOTIFY_SOCKET", socket.toString());
        return builder.redirectErrorStream(true)
                .redirectOutput(directory.resolve("log").toFile())
                .start();
    }

    private static LinkedBlockingQueue<String> linesOf(Process process) {
        var lines = new LinkedBlockingQueue<String>();
        Thread.ofPlatform().daemon().start(() -> {
            try (BufferedReader reader = process.inputReader(StandardCharsets.UTF_8)) {
                reader.lines().forEach(lines::add);
            } catch (IOException | UncheckedIOException closed) {
                // With the process.
            }
        });
        return lines;
    }
}
