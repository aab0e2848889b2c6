package io.skewer.ipc.spawn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The launcher's own reading of packets, compiled with the sanitizers of the C compiler and fed with packets that are nearly right. It is
 * compiled here and not by the build: nobody who only builds skewer needs the libraries of the sanitizers.
 */
class LauncherPacketsTest {
    private static final Path SOURCE = Path.of("../native/test/fuzz/packets.c");
    private static final String ROUNDS = "300000";

    private record Ended(int status, String said) {}

    @Test
    void noPacketMakesTheLauncherTouchWhatIsNotItsOwn(@TempDir Path directory) throws Exception {
        String program = directory.resolve("fuzz").toString();
        assumeThat(run(
                                compiler(),
                                "-fsanitize=address,undefined",
                                "-x",
                                "c",
                                "-o",
                                program,
                                "-",
                                "-include",
                                "/dev/null")
                        .said())
                .as("libraries of the sanitizers (Debian packages libasan8 and libubsan1)")
                .doesNotContain("libasan", "libubsan");
        Ended compiled = run(
                compiler(),
                "-std=gnu17",
                "-O1",
                "-g",
                "-Wall",
                "-Wextra",
                "-Werror",
                "-fsanitize=address,undefined",
                "-fno-sanitize-recover=all",
                "-o",
                program,
                SOURCE.toString());
        assertThat(compiled.status()).as(compiled.said()).isZero();
        for (String seed : List.of("1", Long.toString(System.nanoTime()))) {
            Ended fuzzed = run(program, ROUNDS, seed);
            assertThat(fuzzed.status()).as("seed %s: %s", seed, fuzzed.said()).isZero();
            assertThat(fuzzed.said())
                    .as("every kind of request got through")
                    .matches("started [1-9]\\d* bound [1-9]\\d* claimed [1-9]\\d* heard [1-9]\\d*\\s*");
        }
    }

    private static String compiler() {
        return Optional.ofNullable(System.getenv("CC"))
                .filter(chosen -> !chosen.isBlank())
                .orElse("cc");
    }

    private static Ended run(String... command) throws Exception {
        Process process = new ProcessBuilder(Stream.of(command).toList())
                .redirectErrorStream(true)
                .redirectInput(Path.of("/dev/null").toFile())
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Ended(process.waitFor(), said);
    }
}
