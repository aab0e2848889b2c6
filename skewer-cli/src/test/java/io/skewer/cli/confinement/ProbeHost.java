package io.skewer.cli.confinement;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * The real launcher with a {@link ProbeSupervisor}, in an installation that is a copy of the real one with the probes added. As an ordinary
 * user too when the test is root.
 */
final class ProbeHost implements AutoCloseable {
    /** A user that nobody else has: the limit of threads counts all processes of one. */
    static final String ORDINARY = "64321";

    private final Path directory;
    private final Process launcher;
    private final BufferedWriter in;
    private final BufferedReader out;
    final String prepared;

    private ProbeHost(Path directory, Process launcher, Path commands) throws IOException {
        this.directory = directory;
        this.launcher = launcher;
        // Open for both, so that nobody has to be there to read yet.
        in = new BufferedWriter(new OutputStreamWriter(
                new FileOutputStream(new RandomAccessFile(commands.toFile(), "rw").getFD()), StandardCharsets.UTF_8));
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
        // The launcher gives no process its standard input.
        Path commands = own.resolve("config/commands-" + UUID.randomUUID());
        new ProcessBuilder("mkfifo", "-m", "600", commands.toString())
                .start()
                .onExit()
                .join();
        List<String> command = new ArrayList<>();
        if (ordinary) {
            try (Stream<Path> files = Files.walk(own)) {
                for (Path file : files.toList()) {
                    Files.setAttribute(file, "unix:uid", Integer.parseInt(ORDINARY), LinkOption.NOFOLLOW_LINKS);
                    Files.setAttribute(file, "unix:gid", Integer.parseInt(ORDINARY), LinkOption.NOFOLLOW_LINKS);
                }
            }
            command.addAll(List.of("setpriv", "--reuid=" + ORDINARY, "--regid=" + ORDINARY, "--clear-groups"));
        }
        command.addAll(List.of(
                home.resolve("native/skewer-launch").toString(),
                home.resolve("runtime/bin/java").toString(),
                "-Xmx64m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-Dskewer.native=" + home.resolve("native"),
                "-Dskewer.home=" + home,
                "-Dprobe.absent=uid," + absent, // what stops root stops everybody
                "-Dprobe.log=" + own.resolve("log"),
                "-Dprobe.commands=" + commands,
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
        // S58: what a caller sets must not reach a role. The launcher itself and setpriv are programs of C, which see
        // LD_*.
        for (String name : List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS")) {
            builder.environment().put(name, "-Dmust.not.be=inherited");
        }
        for (String name : List.of("LD_PRELOAD", "LD_LIBRARY_PATH", "LD_AUDIT", "CLASSPATH", "MUST_NOT_BE")) {
            builder.environment().put(name, "/nonexistent");
        }
        return new ProbeHost(own, builder.start(), commands);
    }

    /** The directory below which store, log, configuration and something else lie. */
    Path directory() {
        return directory;
    }

    /** The copy of the installation, which every role sees. */
    Path installation() {
        return directory.resolveSibling("home");
    }

    long pid() {
        return launcher.pid();
    }

    /** What the processes of all hosts of the test said on standard error. */
    static String said(Path directory) throws IOException {
        return Files.readString(directory.resolve("errors"), StandardCharsets.ISO_8859_1);
    }

    /** A process of the same user outside of every jail. */
    long supervisorPid() {
        return launcher.children().findFirst().orElseThrow().pid();
    }

    /**
     * Runs each action in a process of its own, a few at a time.
     *
     * @param actions by an id; the role first
     * @return what came of them, by id
     */
    Map<String, String> probe(Map<String, List<String>> actions, String collector, boolean sealed) throws IOException {
        // From a thread of its own: the supervisor may be busy saying what came of the first ones.
        Thread asking = Thread.ofPlatform().start(() -> ask(actions, collector, sealed));
        Map<String, String> outcomes = new TreeMap<>();
        for (int i = 0; i < actions.size(); i++) {
            String[] line = String.valueOf(out.readLine()).split("\t", 2);
            outcomes.put(line[0], line.length > 1 ? line[1] : "the supervisor ended");
        }
        try {
            asking.join();
        } catch (InterruptedException interrupted) {
            throw new IOException(interrupted);
        }
        return outcomes;
    }

    private void ask(Map<String, List<String>> actions, String collector, boolean sealed) {
        try {
            for (Map.Entry<String, List<String>> each : actions.entrySet()) {
                List<String> words = each.getValue();
                in.write(String.join("\t", each.getKey(), words.getFirst(), collector, sealed ? "sealed" : "open")
                        + "\t" + String.join("\t", words.subList(1, words.size())) + "\n");
            }
            in.flush();
        } catch (IOException ended) {
            // The reader sees it, too.
        }
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

    /** A copy of the installation that every user may read, with the probes added. */
    static Path install(Path directory) throws IOException {
        Path home = directory.resolve("home");
        if (Files.exists(home)) {
            return home;
        }
        open(directory);
        Path installation = Path.of(System.getProperty("skewer.installation"));
        copy(installation.resolve("lib"), home.resolve("lib"));
        copy(installation.resolve("native"), home.resolve("native"));
        copy(installation.resolve("runtime"), home.resolve("runtime"));
        if (Files.exists(installation.resolve("cache"))) {
            copy(installation.resolve("cache"), home.resolve("cache"));
        }
        Files.copy(installation.resolve("skewer"), home.resolve("skewer"));
        Files.copy(Path.of(System.getProperty("skewer.probe")), home.resolve("native/libskewer_probe.so"));
        Path tests = Path.of(System.getProperty("basedir", "."), "target/test-classes");
        Path own = Path.of("io/skewer/cli/confinement");
        copy(tests.resolve(own), home.resolve("classes").resolve(own));
        Path flags = Path.of("io/skewer/cli/supervise/ShippedFlags.class");
        Files.createDirectories(home.resolve("classes").resolve(flags).getParent());
        Files.copy(tests.resolve(flags), home.resolve("classes").resolve(flags));
        return home;
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from, FileVisitOption.FOLLOW_LINKS)) {
            for (Path file : files.toList()) {
                Path target = to.resolve(from.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(target);
                } else {
                    // The class cache knows the jars by their times.
                    Files.copy(file, target, StandardCopyOption.COPY_ATTRIBUTES);
                }
            }
        }
    }
}
