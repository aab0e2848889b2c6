package io.skewer.cli.e2e;

import io.skewer.cli.quickstart.FreePorts;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * A real rsyslogd with a configuration of its own, in a directory of the test, apart from the one of the system. What comes in at
 * {@link #port} goes out by one action.
 */
final class Rsyslog implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    final int port = FreePorts.next();
    private final Path directory;
    private final Process process;

    private Rsyslog(Path directory, String modules, String action) throws IOException {
        this.directory = Files.createDirectories(directory);
        Path work = Files.createDirectories(directory.resolve("work"));
        Path configuration = directory.resolve("rsyslog.conf");
        Files.writeString(configuration, """
                global(workDirectory="%s" maxMessageSize="64k")
                module(load="imptcp")
                %s
                input(type="imptcp" address="127.0.0.1" port="%d")
                %s
                """.formatted(work, modules, port, action));
        process = new ProcessBuilder(
                        Required.program("rsyslogd", "rsyslog"),
                        "-n",
                        "-f",
                        configuration.toString(),
                        "-i",
                        directory.resolve("rsyslogd.pid").toString())
                .redirectErrorStream(true)
                .redirectOutput(log().toFile())
                .start();
    }

    /** Sends by RELP, and repeats until it is acknowledged. */
    static Rsyslog omrelp(Path directory, int target) throws IOException, InterruptedException {
        Required.that(
                Files.exists(Path.of("/usr/lib/" + System.getProperty("os.arch").replace("amd64", "x86_64")
                        + "-linux-gnu/rsyslog/omrelp.so")),
                "rsyslog's module omrelp is not installed (Debian package: rsyslog-relp)");
        return new Rsyslog(directory, "module(load=\"omrelp\")", """
                action(type="omrelp" target="127.0.0.1" port="%d" windowSize="128" %s)
                """.formatted(target, RELENTLESS)).awaitListening();
    }

    /** @param options of omfwd */
    static Rsyslog omfwd(Path directory, int target, String options) throws IOException, InterruptedException {
        return new Rsyslog(directory, "", """
                action(type="omfwd" target="127.0.0.1" port="%d" %s %s)
                """.formatted(target, options, RELENTLESS)).awaitListening();
    }

    /** RFC 5424, a queue that holds all of a test, tries without end. */
    private static final String RELENTLESS =
            "template=\"RSYSLOG_SyslogProtocol23Format\" queue.type=\"LinkedList\" queue.size=\"500000\""
                    + " action.resumeRetryCount=\"-1\" action.resumeInterval=\"1\"";

    private Rsyslog awaitListening() throws IOException, InterruptedException {
        long endNs = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            try (Socket probe = new Socket(InetAddress.getLoopbackAddress(), port)) {
                probe.setSoLinger(true, 0);
                return this;
            } catch (IOException notYet) {
                if (!process.isAlive() || System.nanoTime() > endNs) {
                    close();
                    throw new IOException("rsyslogd did not start: " + Files.readString(log()), notYet);
                }
                Thread.sleep(20);
            }
        }
    }

    /** What it said about itself. */
    private Path log() {
        return directory.resolve("rsyslogd.log");
    }

    boolean isAlive() {
        return process.isAlive();
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException cause) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
