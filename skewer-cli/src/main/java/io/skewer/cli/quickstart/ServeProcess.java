package io.skewer.cli.quickstart;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The daemon, started by the script as a user would, with a configuration and a store of its own. */
public final class ServeProcess implements AutoCloseable {
    private static final Duration STOP_PATIENCE = Duration.ofSeconds(30);

    private final Process process;
    private final Path log;

    private ServeProcess(Process process, Path log) {
        this.process = process;
        this.log = log;
    }

    /**
     * Starts {@code skewer serve}.
     *
     * @param directory takes the configuration, the store and the log
     * @param toml the configuration
     * @param options more options for {@code serve}
     */
    public static ServeProcess start(Path directory, String toml, String... options) throws IOException {
        String script = System.getProperty("skewer.script");
        if (script == null) {
            throw new IllegalStateException(
                    "the property skewer.script is not set: start skewer by its script 'skewer'");
        }
        return start(new Script(Path.of(script), Map.of()), directory, toml, options);
    }

    /**
     * What starts skewer.
     *
     * @param path of the script {@code skewer} of some installation
     * @param environment variables added to its environment
     */
    public record Script(Path path, Map<String, String> environment) {}

    /** The same, by another script. */
    public static ServeProcess start(Script script, Path directory, String toml, String... options) throws IOException {
        Files.createDirectories(directory);
        Files.writeString(directory.resolve("skewer.toml"), toml);
        Path log = directory.resolve("serve.log");
        ProcessBuilder builder = new ProcessBuilder(
                script.path().toString(),
                "serve",
                "--config",
                directory.toString(),
                "--store",
                directory.resolve("store").toString());
        builder.command().addAll(List.of(options));
        builder.environment().putAll(script.environment());
        builder.redirectErrorStream(true);
        builder.redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        return new ServeProcess(builder.start(), log);
    }

    /**
     * Waits until all processes of the daemon are at work.
     *
     * @throws IOException with the end of the daemon's log, when it ended or time is up
     */
    public void awaitStarted(Duration patience) throws IOException, InterruptedException {
        long endNs = System.nanoTime() + patience.toNanos();
        while (!Files.readString(log).contains("event=daemon.started")) {
            if (!process.isAlive() || System.nanoTime() > endNs) {
                throw new IOException("skewer did not start; the end of its log:\n" + logTail());
            }
            Thread.sleep(20);
        }
    }

    /** The last lines that the daemon logged. */
    public String logTail() throws IOException {
        String text = Files.readString(log);
        return text.substring(Math.max(0, text.length() - 4000));
    }

    /** The launcher's process: the one to signal. */
    public Process process() {
        return process;
    }

    /** Stops the daemon in order, and kills it when that takes too long. */
    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(STOP_PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException cause) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
