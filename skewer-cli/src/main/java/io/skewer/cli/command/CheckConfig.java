package io.skewer.cli.command;

import io.skewer.core.config.ConfigReader;
import io.skewer.core.config.ConfigWarnings;
import io.skewer.core.config.InvalidConfig;
import io.skewer.core.config.SkewerConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code skewer check-config}. */
@Command(name = "check-config", description = "Check the configuration and say everything that is wrong with it.")
final class CheckConfig implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private ConfigOption config = new ConfigOption();

    @Override
    public Integer call() throws InvalidConfig, IOException {
        SkewerConfig checked = new ConfigReader().read(config.directory);
        Path file = config.directory.resolve(ConfigReader.FILE_NAME);
        for (String warning : ConfigWarnings.of(checked, config.directory)) {
            spec.commandLine().getErr().println(file + ": warning: " + warning);
        }
        return Answer.print(spec, file + " can be used\n");
    }
}
