package io.skewer.cli.command;

import java.nio.file.Path;
import picocli.CommandLine.Option;

/** The option that says where the configuration is. */
final class ConfigOption {
    @Option(
            names = "--config",
            paramLabel = "DIR",
            defaultValue = "/etc",
            description = "Directory of skewer.toml (default: ${DEFAULT-VALUE}).")
    Path directory = Path.of("/etc");
}
