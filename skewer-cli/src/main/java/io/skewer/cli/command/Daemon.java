package io.skewer.cli.command;

import io.skewer.core.config.InvalidConfig;
import java.io.IOException;
import java.util.ServiceLoader;

/** What {@code skewer serve} runs: the supervisor. */
@FunctionalInterface
public interface Daemon {
    /**
     * Runs until it is told to stop.
     *
     * @return an {@link ExitCode}
     */
    int serve(ServeOptions options) throws InvalidConfig, IOException, InterruptedException;

    /** The one that stands in {@code META-INF/services}, looked for when it is called: so this room need not know its room. */
    static Daemon installed() {
        return options -> ServiceLoader.load(Daemon.class)
                .findFirst()
                .orElseThrow(() -> new IOException("this build of skewer has no supervisor"))
                .serve(options);
    }
}
