package io.skewer.ipc.spawn;

import static org.assertj.core.api.Assertions.assertThat;

import io.skewer.ipc.os.NativeLibrary;
import java.io.BufferedWriter;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The real launcher with a {@link ToldSupervisor}. The program that the launcher knows as java is bash, which executes the real
 * java for the supervisor: so a role can be a line of shell, which shows what it was given before any JVM opens files.
 */
final class LaunchedSupervisor implements AutoCloseable {
    private static final Path JAVA = Path.of(System.getProperty("java.home"), "bin", "java");

    private final Process process;
    private final BufferedWriter commands;
    private final LinkedBlockingQueue<String> answers = new LinkedBlockingQueue<>();

    private LaunchedSupervisor(Process process, Path commands) throws IOException {
        this.process = process;
        // Open for both, so that nobody has to be there to read yet; what was read ends when this is closed.
        this.commands = new BufferedWriter(new OutputStreamWriter(
                new FileOutputStream(new RandomAccessFile(commands.toFile(), "rw").getFD()), StandardCharsets.UTF_8));
        Thread.ofPlatform().daemon().start(() -> {
            try (Stream<String> lines =
                    process.inputReader(StandardCharsets.UTF_8).lines()) {
                lines.forEach(answers::add);
            } catch (UncheckedIOException closed) {
                answers.add("closed");
            }
        });
    }

    /** @param readable a directory where every user may read; what the supervisor needs is copied there */
    static LaunchedSupervisor start(Path readable, String... options) throws IOException {
        Path home = copy(readable);
        // The launcher gives no process its standard input.
        Path commands = home.resolve("classes/commands-" + UUID.randomUUID());
        makePipe(commands);
        List<String> command = new ArrayList<>(List.of(
                home.resolve("native/skewer-launch").toString(),
                "/bin/bash",
                "-c",
                "exec \"$0\" \"$@\" <" + commands,
                JAVA.toString(),
                "-Xmx64m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-Dskewer.native=" + home.resolve("native"),
                "-cp",
                home.resolve("classes").toString(),
                ToldSupervisor.class.getName(),
                "serve",
                "--store",
                // The launcher makes it, for whom it becomes.
                home.resolve("store-" + UUID.randomUUID()).toString()));
        command.addAll(List.of(options));
        var builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
        Map<String, String> environment = builder.environment();
        environment.put("TZ", "Europe/Zurich");
        environment.put("SECRET_OF_THE_OPERATOR", "must not be inherited");
        environment.put("JAVA_TOOL_OPTIONS", "-Dmust.not.be=inherited");
        return new LaunchedSupervisor(builder.start(), commands);
    }

    /** As the system knows it: inside its jail it is number one. */
    long supervisorPid() throws IOException, InterruptedException {
        tell("pid"); // it runs
        return process.children().findFirst().orElseThrow().pid();
    }

    static Path launcher() {
        return NativeLibrary.part("skewer-launch");
    }

    /** Tells the supervisor something and waits for its line. */
    String tell(String... words) throws IOException, InterruptedException {
        say(words);
        String answer = answers.poll(20, TimeUnit.SECONDS);
        assertThat(answer).as("answer to %s", String.join(" ", words)).isNotNull();
        return answer;
    }

    void say(String... words) throws IOException {
        commands.write(String.join("\t", words));
        commands.write("\n");
        commands.flush();
    }

    /** Starts a role that is a line of shell. */
    long spawnShell(String role, String script) throws IOException, InterruptedException {
        String answer = tell("spawn", role, "quiet", "-c", script);
        assertThat(answer).containsOnlyDigits();
        return Long.parseLong(answer);
    }

    /** What a role that is a line of shell wrote to its descriptor 3. */
    String outputOf(String role, String script) throws IOException, InterruptedException {
        long pid = spawnShell(role, script);
        return new String(Base64.getDecoder().decode(tell("read", Long.toString(pid))), StandardCharsets.UTF_8);
    }

    String nextLine() throws InterruptedException {
        return answers.poll(20, TimeUnit.SECONDS);
    }

    long pid() {
        return process.pid();
    }

    int awaitExit() throws InterruptedException {
        assertThat(process.waitFor(20, TimeUnit.SECONDS))
                .as("the launcher ends")
                .isTrue();
        return process.exitValue();
    }

    void killLauncher() {
        process.destroyForcibly();
    }

    static boolean isRunning(long pid) {
        try {
            String status = Files.readString(Path.of("/proc/" + pid + "/stat"));
            return !status.substring(status.lastIndexOf(')')).startsWith(") Z");
        } catch (IOException gone) {
            return false;
        }
    }

    @Override
    public void close() throws IOException {
        process.destroyForcibly();
        commands.close();
    }

    private static void makePipe(Path path) throws IOException {
        Process process = new ProcessBuilder("mkfifo", "-m", "644", path.toString()).start();
        assertThat(process.onExit().join().exitValue()).isZero();
    }

    private static Path copy(Path readable) throws IOException {
        Files.setPosixFilePermissions(readable, PosixFilePermissions.fromString("rwxr-xr-x"));
        Path home = readable.resolve("home");
        if (!Files.exists(home)) {
            copyTree(codeOf(Launcher.class), home.resolve("classes"));
            copyTree(codeOf(ToldSupervisor.class), home.resolve("classes"));
            copyTree(Objects.requireNonNull(launcher().getParent()), home.resolve("native"));
        }
        return home;
    }

    private static void copyTree(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
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

    private static Path codeOf(Class<?> type) {
        try {
            return Path.of(
                    type.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
