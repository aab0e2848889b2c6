package io.skewer.cli.confinement;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The real launcher with a {@link ProbeSupervisor}, in an installation that is a copy of the real one with the probes added. As an ordinary
 * user too when the test is root.
 */
final class ProbeHost implements AutoCloseable {
    private static final String NOBODY = "65534";

    private final Path directory;
    private final Process launcher;
    private final BufferedWriter in;
    private final BufferedReader out;
    final String prepared;

    private ProbeHost(Path directory, Process launcher) throws IOException {
        this.directory = directory;
        this.launcher = launcher;
        in = launcher.outputWriter(StandardCharsets.UTF_8);
        out = launcher.inputReader(StandardCharsets.UTF_8);
        prepared = String.valueOf(out.readLine());
    }

    static boolean isRoot() {
        return System.getProperty("user.name").equals("root");
    }

    /**
     * @param directory of the test; gets everything
     * @param absent layers given up, as the configuration names them
     * @param ordinary as an ordinary user, which only root can choose
     */
    static ProbeHost start(Path directory, String absent, boolean ordinary) throws IOException {
        Path home = install(directory);
        String user = ordinary ? "ordinary" : "own";
        Path own = Files.createDirectories(directory.resolve(user));
        for (String name : List.of("config", "store", "log", "elsewhere")) {
            Files.createDirectories(own.resolve(name));
        }
        Files.writeString(own.resolve("config/skewer.toml"), "[store]\nsecret = \"planted\"\n");
        List<String> command = new ArrayList<>();
        if (ordinary) {
            try (Stream<Path> files = Files.walk(own)) {
                for (Path file : files.toList()) {
                    Files.setAttribute(file, "unix:uid", Integer.parseInt(NOBODY));
                    Files.setAttribute(file, "unix:gid", Integer.parseInt(NOBODY));
                }
            }
            command.addAll(List.of("setpriv", "--reuid=" + NOBODY, "--regid=" + NOBODY, "--clear-groups"));
        }
        command.addAll(List.of(
                home.resolve("native/skewer-launch").toString(),
                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "-Xmx64m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-Dskewer.native=" + home.resolve("native"),
                "-Dskewer.home=" + home,
                "-Dprobe.absent=" + absent,
                "-Dprobe.log=" + own.resolve("log"),
                "-cp",
                home.resolve("lib/skewer-cli.jar") + ":" + home.resolve("classes"),
                ProbeSupervisor.class.getName(),
                "serve",
                "--config",
                own.resolve("config").toString(),
                "--store=" + own.resolve("store")));
        var builder = new ProcessBuilder(command);
        builder.redirectError(
                ProcessBuilder.Redirect.appendTo(directory.resolve("errors").toFile()));
        builder.environment().put("JAVA_TOOL_OPTIONS", "-Dmust.not.be=inherited");
        builder.environment().put("LD_PRELOAD", "");
        return new ProbeHost(own, builder.start());
    }

    /** The directory below which store, log, configuration and something else lie. */
    Path directory() {
        return directory;
    }

    long pid() {
        return launcher.pid();
    }

    /** A process of the same user outside of every jail. */
    long supervisorPid() {
        return launcher.children().findFirst().orElseThrow().pid();
    }

    /** Runs one probe in its own process. */
    String probe(String role, String collector, boolean sealed, List<String> action) throws IOException {
        in.write(role + "\t" + collector + "\t" + (sealed ? "sealed" : "open") + "\t" + String.join("\t", action)
                + "\n");
        in.flush();
        return String.valueOf(out.readLine());
    }

    @Override
    public void close() throws IOException {
        in.close(); // the supervisor ends at the end of its input, and the launcher with it
        launcher.onExit().join();
    }

    /** Lets other users into the directory of a test. */
    static void open(Path directory) throws IOException {
        for (Path part = directory;
                part != null && Files.isWritable(part) && !part.equals(Path.of("/tmp"));
                part = part.getParent()) {
            Files.setPosixFilePermissions(part, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
    }

    private static Path install(Path directory) throws IOException {
        Path home = directory.resolve("home");
        if (Files.exists(home)) {
            return home;
        }
        open(directory);
        Path installation = Path.of(System.getProperty("skewer.installation"));
        copy(installation.resolve("lib"), home.resolve("lib"));
        copy(installation.resolve("native"), home.resolve("native"));
        Files.copy(Path.of(System.getProperty("skewer.probe")), home.resolve("native/libskewer_probe.so"));
        Path own = Path.of("io/skewer/cli/confinement");
        copy(
                Path.of(System.getProperty("basedir", "."), "target/test-classes")
                        .resolve(own),
                home.resolve("classes").resolve(own));
        return home;
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from, FileVisitOption.FOLLOW_LINKS)) {
            for (Path file : files.toList()) {
                Path target = to.resolve(from.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(file, target);
                }
            }
        }
    }
}
