package io.skewer.cli.bench;

import io.skewer.cli.quickstart.ServeProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A server that takes part. */
enum Contender {
    SKEWER {
        @Override
        Running start(Place place) throws IOException {
            String toml = place.fill(place.broker().isEmpty() ? "skewer-file.toml" : "skewer-kafka.toml");
            ServeProcess serve = ServeProcess.start(place.directory().resolve("skewer"), toml);
            return new Running() {
                @Override
                public Process process() {
                    return serve.process();
                }

                @Override
                public void awaitWork() throws IOException, InterruptedException {
                    serve.awaitStarted(PATIENCE);
                }

                @Override
                public void close() {
                    serve.close();
                }
            };
        }
    },

    RSYSLOG {
        @Override
        Running start(Place place) throws IOException {
            Path config = place.directory().resolve("rsyslog.conf");
            Files.createDirectories(place.output().getParent());
            Files.writeString(
                    config, place.fill(place.broker().isEmpty() ? "rsyslog-file.conf" : "rsyslog-kafka.conf"));
            Path pid = place.directory().resolve("rsyslog.pid");
            Process process = new ProcessBuilder("rsyslogd", "-n", "-f", config.toString(), "-i", pid.toString())
                    .redirectErrorStream(true)
                    .redirectOutput(place.directory().resolve("rsyslog.log").toFile())
                    .start();
            return new Running() {
                @Override
                public Process process() {
                    return process;
                }

                @Override
                public void awaitWork() {
                    // It listens when it works.
                }

                @Override
                public void close() {
                    process.destroy();
                    try {
                        process.onExit().get(10, TimeUnit.SECONDS);
                    } catch (InterruptedException | ExecutionException | TimeoutException cause) {
                        process.destroyForcibly();
                    }
                }
            };
        }
    };

    static final Duration PATIENCE = Duration.ofSeconds(60);

    /** A server that was started. */
    interface Running extends AutoCloseable {
        Process process();

        /** Waits until all its parts are at work. */
        void awaitWork() throws IOException, InterruptedException;

        @Override
        void close();
    }

    String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    abstract Running start(Place place) throws IOException;
}
