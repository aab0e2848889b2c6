package io.skewer.core.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ConfigWarningsTest {
    private static List<String> warnings(String toml) throws InvalidConfig {
        return ConfigWarnings.of(new ConfigReader().read("[[tcp_source]]\n" + toml, "f.toml"));
    }

    @Test
    void anOrdinaryConfigurationHasNone() throws InvalidConfig {
        assertThat(warnings("timeout = \"100us\"\n[main]\nbatch_delay = 0\n[[udp_source]]\n"))
                .isEmpty();
    }

    @Test
    void aTimeWhoseUnitWasForgottenIsOne() throws InvalidConfig {
        assertThat(warnings("timeout = 60000\n[main]\nbatch_delay = 5\n"))
                .containsExactly(
                        "[main] batch_delay is only 5ns: a number without a unit means nanoseconds; write the unit, like \"30s\" or \"5ms\"",
                        "[[tcp_source]] no. 1 timeout is only 60us: a number without a unit means nanoseconds; write the unit, like \"30s\" or \"5ms\"");
    }
}
