package io.skewer.cli.command;

import io.skewer.cli.quickstart.Quickstart;
import io.skewer.cli.quickstart.QuickstartOptions;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code skewer quickstart}. */
@Command(
        name = "quickstart",
        description = {
            "Try skewer on this machine: a Kafka broker, the daemon, some messages, and what a consumer reads back.",
            "Runs until Ctrl-C, or until --messages were read back. Leaves nothing behind."
        })
final class QuickstartCommand implements Callable<Integer> {
    private static final int MAX_PORT = 65_535;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(
            names = "--messages",
            paramLabel = "N",
            defaultValue = "0",
            description = "End with exit code 0 when so many messages were read back (default: go on).")
    private int messages;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            defaultValue = "120",
            description = "With --messages: end with exit code 1 after so long (default: ${DEFAULT-VALUE}).")
    private int timeoutSeconds;

    @Option(
            names = "--tcp-port",
            paramLabel = "PORT",
            defaultValue = "1514",
            description = "Port for syslog over TCP (default: ${DEFAULT-VALUE}).")
    private int tcpPort;

    @Option(
            names = "--udp-port",
            paramLabel = "PORT",
            defaultValue = "1514",
            description = "Port for syslog over UDP (default: ${DEFAULT-VALUE}).")
    private int udpPort;

    @Option(
            names = "--relp-port",
            paramLabel = "PORT",
            defaultValue = "2514",
            description = "Port for RELP (default: ${DEFAULT-VALUE}).")
    private int relpPort;

    @Override
    public Integer call() throws InterruptedException {
        CommandLine command = spec.commandLine();
        refuse(messages < 0 || timeoutSeconds < 1, "--messages cannot be negative, --timeout is at least 1 second");
        for (int port : new int[] {tcpPort, udpPort, relpPort}) {
            refuse(port < 1 || port > MAX_PORT, "a port is a number from 1 to " + MAX_PORT + ", not " + port);
        }
        refuse(tcpPort == relpPort, "--tcp-port and --relp-port cannot both be " + tcpPort);
        QuickstartOptions options =
                new QuickstartOptions(tcpPort, udpPort, relpPort, messages, Duration.ofSeconds(timeoutSeconds));
        return new Quickstart(options, command.getOut(), command.getErr()).run();
    }

    private void refuse(boolean mistaken, String why) {
        if (mistaken) {
            throw new CommandLine.ParameterException(spec.commandLine(), why);
        }
    }
}
