package io.skewer.core.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigWarningsTest {
    @TempDir
    private Path directory;

    private List<String> warnings(String toml) throws Exception {
        return warnings(toml, "rw-r--r--");
    }

    private List<String> warnings(String toml, String permissions) throws Exception {
        Path file = Files.writeString(directory.resolve("skewer.toml"), "[[tcp_source]]\n" + toml);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
        return ConfigWarnings.of(new ConfigReader().read(directory), directory);
    }

    @Test
    void anOrdinaryConfigurationHasNone() throws Exception {
        assertThat(warnings("timeout = \"100us\"\n[main]\nbatch_delay = 0\n[[udp_source]]\n"))
                .isEmpty();
    }

    @Test
    void aTimeWhoseUnitWasForgottenIsOne() throws Exception {
        assertThat(warnings("timeout = 60000\n[main]\nbatch_delay = 5\n"))
                .containsExactly(
                        "[main] batch_delay is only 5ns: was a longer time meant? a number without a unit is one of nanoseconds; write the unit, like \"30s\" or \"5ms\"",
                        "[[tcp_source]] no. 1 timeout is only 60us: was a longer time meant? a number without a unit is one of nanoseconds; write the unit, like \"30s\" or \"5ms\"");
    }

    @Test
    void aSecretThatEveryUserCanReadIsOne() throws Exception {
        String secret = "q6".repeat(21) + "s=";
        Path file = directory.resolve("skewer.toml");
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        for (String toml : List.of("secret = \"" + secret + "\"\n", "old_secrets = [\"\", \"" + secret + "\"]\n")) {
            assertThat(warnings("[store]\n" + toml))
                    .containsExactly("[store] secret is in a file that every user can read: chown root:skewer " + file
                            + "; chmod 0640 " + file);
            assertThat(warnings("[store]\n" + toml, "rw-r-----")).isEmpty();
            Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-x---"));
            assertThat(warnings("[store]\n" + toml)).isEmpty();
            Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
        assertThat(warnings("[store]\nold_secrets = [\"\"]\n")).isEmpty();
    }
}
