package io.skewer.cli.supervise;

import io.skewer.cli.command.Daemon;
import io.skewer.cli.command.ServeOptions;
import io.skewer.cli.log.LocalSyslog;
import io.skewer.cli.log.LogOptions;
import io.skewer.cli.log.LogOutput;
import io.skewer.cli.log.LogQueue;
import io.skewer.cli.log.LogTarget;
import io.skewer.cli.metrics.MetricsServer;
import io.skewer.core.config.ConfigReader;
import io.skewer.core.config.ConfigWarnings;
import io.skewer.core.config.Destinations;
import io.skewer.core.config.InvalidConfig;
import io.skewer.core.config.MainSection;
import io.skewer.core.config.SkewerConfig;
import io.skewer.ipc.os.NoWeb;
import io.skewer.ipc.os.UnixDatagram;
import io.skewer.ipc.spawn.Launcher;
import io.skewer.ipc.spawn.Layer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code skewer serve}: reads the configuration, has the sockets bound, and lets the {@link Supervisor} run the rest. It runs in the
 * process that the launcher started, with the launcher's socket inherited.
 */
public final class SupervisedDaemon implements Daemon {
    private static final Path LOCAL_SYSLOG = Path.of("/dev/log");

    private static final Logger LOG = LoggerFactory.getLogger(SupervisedDaemon.class);

    @Override
    public int serve(ServeOptions options) throws InvalidConfig, IOException, InterruptedException {
        NoWeb.install();
        SkewerConfig config = new ConfigReader().read(options.config());
        try (LogOutput output = openLog(options.log());
                LogQueue queue = new LogQueue(output)) {
            LogTarget.threshold(options.log().level());
            LogTarget.install(queue);
            ConfigWarnings.of(config, options.config())
                    .forEach(warning -> LOG.atWarn()
                            .setMessage("config.doubtful")
                            .addKeyValue("reason", warning)
                            .log());
            return run(options.test() ? printing(config) : config, options, new Logs(queue, output::reopen));
        }
    }

    private static LogOutput openLog(LogOptions options) throws IOException {
        LogOutput output = new LogOutput(options);
        if (options.syslog()) {
            UnixDatagram socket = connectToSyslog();
            output.alsoTo(new LocalSyslog(line -> {
                ByteBuffer direct = ByteBuffer.allocateDirect(line.length);
                sendOrLose(socket, direct.put(line).flip());
            }));
        }
        return output;
    }

    /** @throws IOException when nobody listens: who asks for a second copy of the log is not to find out later that there is none */
    private static UnixDatagram connectToSyslog() throws IOException {
        try {
            return UnixDatagram.connect(LOCAL_SYSLOG);
        } catch (IOException nobody) {
            throw new IOException(
                    "--syslog: no local syslog listens at " + LOCAL_SYSLOG + " (" + nobody.getMessage() + ")", nobody);
        }
    }

    /**
     * A syslog that is busy loses lines, and so does one that comes back with another socket: the jail holds the old one. systemd's
     * stays when the syslog behind it restarts.
     */
    private static void sendOrLose(UnixDatagram socket, ByteBuffer line) {
        try {
            socket.send(line);
        } catch (IOException gone) {
            LOG.atDebug().setMessage("log.syslog_failed").setCause(gone).log();
        }
    }

    /** What {@code --test} does instead of forwarding: the same line, a throw-away store, and standard output at its end. */
    private static SkewerConfig printing(SkewerConfig config) {
        MainSection main = config.main();
        MainSection printing = new MainSection(
                main.maxInputMessageSize(),
                Destinations.STDERR,
                main.encryptIpc(),
                main.batchDelay(),
                main.stopTimeout());
        return new SkewerConfig(
                printing,
                config.store(),
                config.metrics(),
                config.tcpSource(),
                config.udpSource(),
                config.relpSource(),
                config.kafkaDestination(),
                config.fileDestination(),
                config.stderrDestination(),
                config.confinement());
    }

    /** Where the log of the children goes: the queue never blocks, whatever standard error is connected to. */
    private record Logs(LogQueue queue, Runnable reopen) {}

    private static int run(SkewerConfig config, ServeOptions options, Logs logs)
            throws InvalidConfig, IOException, InterruptedException {
        EarlyEvents events = new EarlyEvents();
        Launcher launcher = Launcher.ofDescriptor(Launcher.INHERITED_DESCRIPTOR, events);
        Set<Layer> layers = Confinement.prepare(launcher, config);
        try (StoreDirectory store = StoreDirectory.of(options, layers)) {
            List<BoundSocket> sockets = new SocketBinder(launcher).bindAll(config);
            RolePlan plan = new RolePlan(
                    config,
                    store.path().toString(),
                    options.test(),
                    options.log().level(),
                    layers.contains(Layer.SECCOMP));
            Family family = new Family(config.main().encryptIpc(), sockets);
            Supervisor running = new Supervisor(launcher, plan, family, logs.queue(), logs.reopen());
            events.passOnTo(running::tell);
            if (config.metrics().port() == 0) {
                Confinement.sealSupervisor(layers);
                return running.run();
            }
            try (MetricsServer metrics =
                    new MetricsServer(config.metrics().port(), config.metrics().path(), running::measure)) {
                Confinement.sealSupervisor(layers);
                metrics.start();
                return running.run();
            }
        }
    }
}
