package io.skewer.cli.command;

import io.skewer.core.config.ConfigReader;
import io.skewer.core.config.ConfigWriter;
import io.skewer.core.config.InvalidConfig;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code skewer print-config}. */
@Command(
        name = "print-config",
        description = "Print the configuration as skewer understands it, defaults included, secrets left out.")
final class PrintConfig implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private ConfigOption config = new ConfigOption();

    @Override
    public Integer call() throws InvalidConfig {
        return Answer.print(
                spec, ConfigWriter.write(new ConfigReader().read(config.directory), ConfigWriter.Secrets.REDACTED));
    }
}
