package io.skewer.cli.e2e;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** strace between one process of the daemon and the kernel: it answers chosen system calls itself, or holds them up, until it is closed. */
final class Strace implements AutoCloseable {
    /**
     * The daemon must run without this layer: strace makes a call fail by giving it a number that does not exist, which a filter of calls answers
     * with the end of the process. All other layers stay.
     */
    static final String UNTRACEABLE_WITH = "seccomp";

    private final Process process;
    private final Path trace;

    private Strace(Process process, Path trace) {
        this.process = process;
        this.trace = trace;
    }

    /**
     * Attaches, and returns when every thread is traced.
     *
     * @param faults as strace's {@code -e inject=} takes them; {@code when=} counts the calls of each thread
     */
    static Strace attach(TestDaemon daemon, ProcessHandle victim, String... faults) throws Exception {
        return attachAt(daemon, victim, List.of(), faults);
    }

    /** The same, only for calls that concern a file, by its path as the process sees it. */
    static Strace attachAt(TestDaemon daemon, ProcessHandle victim, List<Path> files, String... faults)
            throws Exception {
        Path trace = Files.createTempFile("strace", ".trace");
        List<String> command = new ArrayList<>(List.of(
                Required.program("strace", "strace"),
                "-f",
                "-qq",
                "-s",
                "0",
                "-e",
                "signal=none",
                "-o",
                trace.toString()));
        command.addAll(List.of(
                "-e",
                Stream.of(faults)
                        .map(fault -> fault.split(":", 2)[0])
                        .distinct()
                        .collect(Collectors.joining(",", "trace=", ""))));
        for (String fault : faults) {
            command.addAll(List.of("-e", "inject=" + fault));
        }
        for (Path file : files) {
            command.addAll(List.of("-P", file.toString()));
        }
        command.addAll(List.of("-p", String.valueOf(victim.pid())));
        Path said = Files.createTempFile("strace", ".log");
        Strace strace = new Strace(
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(said.toFile())
                        .start(),
                trace);
        try {
            daemon.await("strace to attach", () -> {
                Required.that(
                        strace.process.isAlive() || Files.size(said) == 0,
                        "strace does not trace here: " + Files.readString(said));
                return isTraced(victim.pid());
            });
        } catch (AssertionError | Exception cause) {
            strace.close();
            throw cause;
        } finally {
            Files.delete(said);
        }
        return strace;
    }

    private static boolean isTraced(long pid) throws IOException {
        try (Stream<Path> threads = Files.list(Path.of("/proc/" + pid + "/task"))) {
            for (Path thread : threads.toList()) {
                if (Files.readString(thread.resolve("status")).contains("TracerPid:\t0\n")) {
                    return false;
                }
            }
            return true;
        } catch (IOException ended) {
            // A thread that has ended meanwhile, or all of them: looked at again.
            return !TestDaemon.runs(pid);
        }
    }

    /** How many calls it has answered or held up so far. */
    long injected() throws IOException {
        try (Stream<String> lines = Files.lines(trace, StandardCharsets.ISO_8859_1)) {
            return lines.filter(line -> line.contains("(INJECTED)") || line.contains("(DELAYED)"))
                    .count();
        }
    }

    /** Detaches. */
    @Override
    public void close() throws IOException {
        process.destroy();
        process.onExit().completeOnTimeout(process, 10, TimeUnit.SECONDS).join();
        process.destroyForcibly();
        Files.deleteIfExists(trace);
    }
}
