package io.skewer.cli.command;

import io.skewer.core.config.ConfigReader;
import io.skewer.core.config.ConfigWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code skewer default-config}. */
@Command(name = "default-config", description = "Print a skewer.toml with every key, its default and its meaning.")
final class DefaultConfig implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        return Answer.print(spec, ConfigWriter.write(ConfigReader.defaults(), ConfigWriter.Secrets.SHOWN));
    }
}
