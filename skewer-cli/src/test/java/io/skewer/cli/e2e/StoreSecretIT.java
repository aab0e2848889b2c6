package io.skewer.cli.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.skewer.cli.quickstart.FreePorts;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** P7: with a store secret no plaintext stands in any file of the store, and without that secret nothing can be read. */
class StoreSecretIT {
    private static final String MARKER = "XYZZY-PLUGH-4711-quite-unmistakable";
    private static final int COUNT = 1_000;

    @TempDir
    Path directory;

    @Test
    void noFileOfTheStoreHoldsPlaintextWhenASecretIsSet() throws Exception {
        assertThat(filesWithPlaintext(""))
                .as("without a secret the marker is found, so the search works")
                .isNotEmpty();
        assertThat(filesWithPlaintext(secret())).isEmpty();
    }

    /** Stores messages that cannot leave, stops, and searches; starts again, and searches once more. */
    private List<Path> filesWithPlaintext(String secret) throws Exception {
        Path home = directory.resolve(secret.isEmpty() ? "open" : "secret");
        DaemonSetup setup = new DaemonSetup(home)
                .kafka("127.0.0.1:" + FreePorts.next(), MARKER)
                .main("stop_timeout = \"1s\"")
                .sections("[store]\nsecret = \"" + secret + "\"\n");
        try (TestDaemon daemon = setup.start();
                RelpClient client = new RelpClient(daemon.relpPort)) {
            for (int number = 0; number < COUNT; number++) {
                client.syslog("<13>1 - host-" + MARKER + " app - - - " + MARKER + " " + number);
            }
            assertThat(client.awaitAnswers(0)).isEqualTo(COUNT);
            assertThat(daemon.metric("skewer_queue_messages")).isEqualTo(COUNT);
            List<Path> running = plaintextIn(daemon.store());
            if (secret.isEmpty()) {
                return running;
            }
            daemon.restart();
            daemon.await("the backlog to be there again", () -> daemon.metric("skewer_queue_messages") == COUNT);
            daemon.stop();
            List<Path> found = plaintextIn(daemon.store());
            found.addAll(running);
            return found;
        }
    }

    private static List<Path> plaintextIn(Path store) throws IOException {
        List<Path> found = new ArrayList<>();
        try (Stream<Path> files = Files.walk(store)) {
            List<Path> all = files.filter(Files::isRegularFile).toList();
            assertThat(all).isNotEmpty();
            for (Path file : all) {
                if (new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).contains(MARKER)) {
                    found.add(file);
                }
            }
        }
        return found;
    }

    private static String secret() throws Exception {
        return Execution.ofSkewer("make-secret").out().strip();
    }
}
