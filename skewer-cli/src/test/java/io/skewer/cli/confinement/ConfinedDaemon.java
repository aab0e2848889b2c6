package io.skewer.cli.confinement;

import static org.assertj.core.api.Assertions.assertThat;

import io.skewer.cli.e2e.SmallConfig;
import io.skewer.cli.quickstart.FreePorts;
import io.skewer.cli.quickstart.ServeProcess;
import io.skewer.ipc.os.ProcessState;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** A daemon with its configuration, store, log and output in the directory of a test: it listens to TCP and writes files. */
final class ConfinedDaemon {
    static final Duration PATIENCE = Duration.ofSeconds(60);
    static final String PLANTED = "bm9ib2R5bm9ib2R5bm9ib2R5bm9ib2R5bm9ib2R5MDE=";

    private final Path directory;

    ConfinedDaemon(Path directory) {
        this.directory = directory;
    }

    interface Fact {
        boolean holds() throws IOException;
    }

    static void await(Fact fact) throws Exception {
        long endNs = System.nanoTime() + PATIENCE.toNanos();
        while (!fact.holds()) {
            assertThat(System.nanoTime()).as("time is up").isLessThan(endNs);
            Thread.sleep(20);
        }
    }

    static String title(ProcessHandle process) {
        try {
            return Files.readString(Path.of("/proc/" + process.pid() + "/cmdline"))
                    .split("\0", 2)[0];
        } catch (IOException gone) {
            return "";
        }
    }

    static String status() throws Exception {
        Process command = new ProcessBuilder(System.getProperty("skewer.script"), "status", "--json").start();
        String said = new String(command.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(command.waitFor()).isZero();
        return said;
    }

    static List<ProcessState> states(ServeProcess daemon) throws IOException {
        List<ProcessState> states = new ArrayList<>();
        for (ProcessHandle child : daemon.process().descendants().toList()) {
            states.add(ProcessState.of(Path.of("/proc/" + child.pid())));
        }
        return states;
    }

    static List<String> names(Path parent, String start) throws IOException {
        try (Stream<Path> entries = Files.list(parent)) {
            return entries.map(entry -> entry.getFileName().toString())
                    .filter(name -> name.startsWith(start))
                    .toList();
        }
    }

    String toml(String sections, String filename) throws IOException {
        Path out = Files.createDirectories(directory.resolve("out"));
        if (ProbeHost.isRoot()) {
            Files.setAttribute(out, "unix:uid", 65534);
        }
        return SmallConfig.toml(FreePorts.next(), filename, "[store]\nsecret = \"" + PLANTED + "\"\n" + sections);
    }

    /** For starts by root: everybody may enter, and {@link #messages} is not there yet. */
    String openedToml(String sections) throws IOException {
        ProbeHost.open(directory);
        return toml(sections, messages() + "/{{.AppName}}.log");
    }

    Path messages() {
        return directory.resolve("messages");
    }

    /** Starts it with a new log. */
    ServeProcess serve(String toml, String... options) throws IOException {
        Files.deleteIfExists(directory.resolve("daemon/serve.log"));
        return ServeProcess.start(directory.resolve("daemon"), toml, options);
    }

    /** Root becomes somebody, as it should. */
    private ServeProcess launch(String toml) throws IOException {
        if (!ProbeHost.isRoot()) {
            return serve(toml);
        }
        ProbeHost.open(directory);
        return serve(toml, "--uid", "65534", "--gid", "65534");
    }

    ServeProcess start(String sections) throws Exception {
        ServeProcess daemon = launch(toml(sections, directory.resolve("out") + "/{{.AppName}}.log"));
        daemon.awaitStarted(PATIENCE);
        return daemon;
    }

    String log() throws IOException {
        return Files.readString(directory.resolve("daemon/serve.log"));
    }

    String refusal(String sections) throws Exception {
        return refusal(sections, directory.resolve("out") + "/{{.AppName}}.log");
    }

    String refusal(String sections, String filename) throws Exception {
        try (ServeProcess daemon = launch(toml(sections, filename))) {
            assertThat(daemon.process().waitFor(PATIENCE)).isTrue();
            assertThat(daemon.process().exitValue()).isNotZero();
            return daemon.logTail();
        }
    }
}
