package io.skewer.cli.e2e;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A program that has run to its end.
 *
 * @param status its exit status
 */
record Execution(int status, String out, String err) {
    private static final int PATIENCE_S = 120;

    /** Runs the script {@code skewer}. */
    static Execution ofSkewer(String... arguments) throws IOException, InterruptedException {
        String[] command = new String[arguments.length + 1];
        command[0] = skewer();
        System.arraycopy(arguments, 0, command, 1, arguments.length);
        return of(command);
    }

    /** The script {@code skewer} of this build. */
    static String skewer() {
        return System.getProperty("skewer.script");
    }

    static Execution of(String... command) throws IOException, InterruptedException {
        return of(Map.of(), command);
    }

    /** @param environment added to ours */
    static Execution of(Map<String, String> environment, String... command) throws IOException, InterruptedException {
        Path out = Files.createTempFile("skewer-it", ".out");
        Path err = Files.createTempFile("skewer-it", ".err");
        try {
            ProcessBuilder builder = new ProcessBuilder(command)
                    .redirectInput(
                            ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                    .redirectOutput(out.toFile())
                    .redirectError(err.toFile());
            builder.environment().putAll(environment);
            Process process = builder.start();
            if (!process.waitFor(PATIENCE_S, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IOException(List.of(command) + " does not end; it said " + text(err));
            }
            return new Execution(process.exitValue(), text(out), text(err));
        } finally {
            Files.delete(out);
            Files.delete(err);
        }
    }

    private static String text(Path file) throws IOException {
        return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    }
}
