package io.skewer.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.skewer.core.measure.Measures;
import io.skewer.store.disk.StoreInUseException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A real process on a real directory, killed while it appends. */
@Timeout(120)
class KillTest {
    private static final int ROUNDS = 4;

    @TempDir
    Path directory;

    /** For what a killed process cannot delete: the native library that it unpacked. */
    @TempDir
    Path scratch;

    private StoreSettings settings() {
        return TestStore.settings(TestStore.SECRET, false, 20_000, "one");
    }

    /** The process that is killed: appends numbers and says on its standard output which are kept. */
    static final class Appender {
        private Appender() {}

        public static void main(String[] args) throws Exception {
            StoreSettings settings = TestStore.settings(TestStore.SECRET, false, 20_000, "one");
            Store store = Store.open(
                    Path.of(args[0]),
                    settings,
                    new Measures(),
                    cause -> Runtime.getRuntime().halt(3));
            int first = Integer.parseInt(args[1]);
            AtomicInteger inFlight = new AtomicInteger();
            for (int i = first; ; i++) {
                int number = i;
                while (inFlight.get() > 64) {
                    Thread.onSpinWait();
                }
                inFlight.incrementAndGet();
                store.append(TestStore.batch("n" + i), "test", () -> {
                    inFlight.decrementAndGet();
                    // The console's stream flushes at every line.
                    System.out.println(number);
                });
            }
        }
    }

    @Test
    void whatAKilledProcessSaidIsKeptIsThereOnceAndInOrder() throws Exception {
        Random random = new Random(42);
        int last = -1;
        for (int round = 0; round < ROUNDS; round++) {
            last = Math.max(last, appendAndKill(last + 1, 200 + random.nextInt(1500)));
            List<Integer> found = settled(last);
            assertThat(found).isNotEmpty();
            last = Math.max(last, found.getLast());
        }
    }

    /** @return the last number that the process said was kept */
    private int appendAndKill(int first, int lines) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx128m",
                        "-Djava.io.tmpdir=" + scratch,
                        "-cp",
                        System.getProperty("java.class.path"),
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow",
                        Appender.class.getName(),
                        directory.toString(),
                        String.valueOf(first))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        int last = -1;
        try (BufferedReader said =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.US_ASCII))) {
            String line = said.readLine();
            for (int i = 0; line != null; i++) {
                last = Integer.parseInt(line);
                if (i == lines) {
                    // The handle, because the process itself would close what it said.
                    process.toHandle().destroyForcibly();
                }
                line = readWhole(said);
            }
        }
        process.waitFor();
        assertThat(last).isGreaterThanOrEqualTo(first + lines);
        return last;
    }

    /** The last line of a killed process may be cut, and then says less than was kept: a shorter number is no promise. */
    private static @org.jspecify.annotations.Nullable String readWhole(BufferedReader said) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = said.read(); c != '\n'; c = said.read()) {
            if (c < 0) {
                return null;
            }
            line.append((char) c);
        }
        return line.toString();
    }

    private List<Integer> settled(int promised) throws IOException, InterruptedException {
        Store store = Store.open(directory, settings(), new Measures(), cause -> {});
        List<Integer> found = new ArrayList<>();
        for (String text : TestStore.drain(store.subscribe("one"), true)) {
            found.add(Integer.valueOf(text.substring(1)));
        }
        store.close();
        for (int i = 1; i < found.size(); i++) {
            assertThat(found.get(i)).isEqualTo(found.get(i - 1) + 1);
        }
        assertThat(found.getLast()).isGreaterThanOrEqualTo(promised);
        return found;
    }

    @Test
    void aSecondOwnerIsRefusedAndOnlyTheOwnerMayReadTheFiles() throws Exception {
        Path place = directory.resolve("store");
        Store store = Store.open(place, settings(), new Measures(), cause -> {});
        org.assertj.core.api.Assertions.assertThatThrownBy(
                        () -> Store.open(place, settings(), new Measures(), cause -> {}))
                .isInstanceOf(StoreInUseException.class)
                .hasMessageContaining("in use by another process");
        store.append(TestStore.batch("a"), "test", () -> {});
        store.close();
        Store.open(place, settings(), new Measures(), cause -> {}).close();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(place)))
                .isEqualTo("rwx------");
        try (Stream<Path> files = Files.list(place).filter(Files::isRegularFile)) {
            for (Path file : files.toList()) {
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                        .isEqualTo("rw-------");
            }
        }
    }
}
