package io.skewer.cli.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.skewer.cli.quickstart.FreePorts;
import io.skewer.cli.role.StoreConfig;
import io.skewer.core.config.ConfigReader;
import io.skewer.core.measure.Measures;
import io.skewer.store.Store;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A store that the operator has to see to: the daemon does not start, and says why in one line. */
class StoreRefusedIT {
    @TempDir
    Path directory;

    private Path config;
    private Path store;

    @BeforeEach
    void makeStore() throws Exception {
        config = Files.createDirectory(directory.resolve("etc"));
        store = directory.resolve("store");
        configure();
    }

    /** Each time with another secret. */
    private void configure() throws Exception {
        String secret = Execution.ofSkewer("make-secret").out().strip();
        Files.writeString(
                config.resolve("skewer.toml"),
                SmallConfig.toml(FreePorts.next(), directory + "/out/all.log", """
                        [store]
                        secret = "%s"
                        min_free = 0
                        [confinement]
                        absent = ["uid"]
                        """.formatted(secret)));
    }

    private Store open() throws Exception {
        return Store.open(store, StoreConfig.settings(new ConfigReader().read(config)), new Measures(), cause -> {});
    }

    private void assertRefused(String reason) throws IOException, InterruptedException {
        Execution serve = Execution.ofSkewer("serve", "--config", config.toString(), "--store", store.toString());
        assertThat(serve.status()).isEqualTo(1);
        assertThat(serve.err())
                .containsSubsequence("event=store.refused", reason, "event=process.died", "event=daemon.not_started")
                .doesNotContain("process.fault", "Exception", "\tat ");
    }

    @Test
    void anotherSecretIsNamedWithWhatToDo() throws Exception {
        open().close();
        configure();
        assertRefused("put the former secret into store.old_secrets");
    }

    @Test
    void aStoreInUseIsNamed() throws Exception {
        Store other = open();
        try {
            assertRefused("the store in");
        } finally {
            other.close();
        }
    }
}
