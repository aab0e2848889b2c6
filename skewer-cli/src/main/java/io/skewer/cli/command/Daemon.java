package io.skewer.cli.command;

import io.skewer.core.config.InvalidConfig;
import java.io.IOException;

/** What {@code skewer serve} runs: the supervisor. */
@FunctionalInterface
public interface Daemon {
    /**
     * Runs until it is told to stop.
     *
     * @return an {@link ExitCode}
     */
    int serve(ServeOptions options) throws InvalidConfig, IOException, InterruptedException;
}
