package io.skewer.ipc.os;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import javax.crypto.KDF;
import org.junit.jupiter.api.Test;

/** In a JVM of its own: what is installed stays, and what was opened before would count. */
class NoWebTest {
    @Test
    void keysAreDerivedWithoutALookIntoEveryJarAndHttpIsRefused() throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Probe.class.getName())
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(said.lines()).containsExactly("0", "no process of skewer opens http://127.0.0.1/");
    }

    /** Derives a key, counts the jars that were opened for it, and tries to open an address. */
    static final class Probe {
        private Probe() {}

        static void main(String[] args) throws Exception {
            NoWeb.install();
            long before = openJars();
            KDF.getInstance("HKDF-SHA256", "SunJCE");
            System.out.println(openJars() - before);
            try {
                URI.create("http://127.0.0.1/").toURL().openStream().close();
            } catch (IOException refused) {
                System.out.println(refused.getMessage());
            }
        }

        private static long openJars() throws IOException {
            long count = 0;
            try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
                for (Path link : descriptors) {
                    if (Files.isSymbolicLink(link)
                            && Files.readSymbolicLink(link).toString().endsWith(".jar")) {
                        count++;
                    }
                }
            }
            return count;
        }
    }
}
