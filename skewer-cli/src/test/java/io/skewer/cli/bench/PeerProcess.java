package io.skewer.cli.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Another server than skewer, with a configuration from the resources of this package. */
record PeerProcess(Process process) implements Running {
    private static final int STOP_PATIENCE_SECONDS = 20;

    static PeerProcess rsyslog(Row row, Place place) throws IOException {
        Path config = configuration("rsyslog", row, place);
        Path pid = place.directory().resolve("rsyslog.pid");
        return start(
                place, new ProcessBuilder("/usr/sbin/rsyslogd", "-n", "-f", config.toString(), "-i", pid.toString()));
    }

    /** From the directory that {@code .ci/bench-peers} fills. */
    static PeerProcess syslogNg(Row row, Place place) throws IOException {
        Path config = configuration("syslog-ng", row, place);
        Path home = Path.of(System.getProperty("bench.peers", "target/peers")).toAbsolutePath();
        Path program = home.resolve("usr/sbin/syslog-ng");
        if (!Files.exists(program)) {
            throw new IOException(
                    "no syslog-ng in " + home + ": run .ci/bench-peers, or leave it out of -Dbench.contenders");
        }
        Path libraries = home.resolve("usr/lib/syslog-ng");
        Path own = place.directory();
        ProcessBuilder builder = new ProcessBuilder(
                program.toString(),
                "--foreground",
                "--no-caps",
                "--cfgfile=" + config,
                "--module-path=" + modules(libraries),
                "--persist-file=" + own.resolve("persist"),
                "--pidfile=" + own.resolve("pid"),
                "--control=" + own.resolve("control"));
        builder.environment().put("LD_LIBRARY_PATH", libraries.toString());
        return start(place, builder);
    }

    /** They stand in a directory named after the version. */
    private static Path modules(Path libraries) throws IOException {
        try (Stream<Path> versions = Files.list(libraries)) {
            return versions.filter(Files::isDirectory)
                    .filter(version -> Files.exists(version.resolve("libaffile.so")))
                    .findFirst()
                    .orElseThrow(() -> new IOException("no modules of syslog-ng in " + libraries));
        }
    }

    private static Path configuration(String name, Row row, Place place) throws IOException {
        String destination = row.group() == Group.OUTAGE ? "disk-kafka" : row.toKafka() ? "kafka" : "file";
        Path config = place.directory().resolve(name + ".conf");
        Files.createDirectories(place.output().getParent());
        Files.writeString(config, place.fill(name + "-" + destination + ".conf", Map.of()));
        return config;
    }

    private static PeerProcess start(Place place, ProcessBuilder builder) throws IOException {
        return new PeerProcess(builder.redirectErrorStream(true)
                .redirectOutput(place.directory().resolve("peer.log").toFile())
                .start());
    }

    @Override
    public void awaitWork() {
        // It listens when it works.
    }

    @Override
    public OptionalLong countedAsLost() {
        return OptionalLong.empty();
    }

    @Override
    public void close() {
        List<ProcessHandle> all = process.descendants().toList();
        process.destroy();
        try {
            process.waitFor(STOP_PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException cause) {
            Thread.currentThread().interrupt();
        }
        process.destroyForcibly();
        all.forEach(ProcessHandle::destroyForcibly);
    }
}
