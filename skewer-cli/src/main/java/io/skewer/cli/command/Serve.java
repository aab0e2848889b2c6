package io.skewer.cli.command;

import io.skewer.cli.log.LogLevel;
import io.skewer.cli.log.LogOptions;
import io.skewer.core.config.InvalidConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code skewer serve}: the daemon, in the foreground. */
@Command(
        name = "serve",
        description = {
            "Receive and forward messages until stopped.",
            "SIGTERM and SIGINT stop in order, SIGUSR1 opens the log file again."
        })
final class Serve implements Callable<Integer> {
    private final Daemon daemon;

    @Mixin
    private ConfigOption config = new ConfigOption();

    @Option(
            names = "--store",
            paramLabel = "DIR",
            defaultValue = "/var/lib/skewer",
            description = "Directory of the store (default: ${DEFAULT-VALUE}).")
    private Path store = Path.of("/var/lib/skewer");

    @Option(names = "--test", description = "Print the messages to standard output instead of forwarding them.")
    private boolean test;

    @Option(
            names = "--uid",
            paramLabel = "USER",
            description = "Name or number of the user to become when started by root.")
    private @Nullable String uid;

    @Option(
            names = "--gid",
            paramLabel = "GROUP",
            description = "Name or number of the group to become when started by root.")
    private @Nullable String gid;

    @Option(
            names = "--loglevel",
            paramLabel = "LEVEL",
            defaultValue = "info",
            description = "debug, info, warn, error or crit (default: ${DEFAULT-VALUE}).")
    private LogLevel logLevel = LogLevel.INFO;

    @Option(
            names = "--logfilename",
            paramLabel = "FILE",
            description = "Write the own log to this file instead of standard error.")
    private @Nullable Path logFile;

    @Option(names = "--logjson", description = "Write the own log as JSON lines instead of logfmt.")
    private boolean logJson;

    @Option(names = "--syslog", description = "Send the own log also to the local syslog, facility local0.")
    private boolean syslog;

    @Option(names = "--pidfile", paramLabel = "FILE", description = "Write the number of the process to this file.")
    private @Nullable Path pidfile;

    Serve(Daemon daemon) {
        this.daemon = daemon;
    }

    @Override
    public Integer call() throws InvalidConfig, IOException, InterruptedException {
        LogOptions log = new LogOptions(logLevel, logFile, logJson, syslog);
        return daemon.serve(new ServeOptions(config.directory, store, test, uid, gid, log, pidfile));
    }
}
