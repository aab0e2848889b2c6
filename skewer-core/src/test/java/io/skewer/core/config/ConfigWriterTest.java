package io.skewer.core.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class ConfigWriterTest {
    private static final String SECRET = "q6".repeat(21) + "s=";

    private final ConfigReader reader = new ConfigReader(value -> Optional.empty());

    @Test
    void theDefaultConfigurationLoadsAndEqualsTheDefaults() throws InvalidConfig {
        String text = ConfigWriter.write(ConfigReader.defaults(), ConfigWriter.Secrets.SHOWN);
        assertThat(reader.read(text, "default")).isEqualTo(ConfigReader.defaults());
    }

    @Test
    void theExampleSourcesInTheDefaultConfigurationLoadOnceUncommented() throws InvalidConfig {
        String text = ConfigWriter.write(ConfigReader.defaults(), ConfigWriter.Secrets.SHOWN)
                .replace("# None yet; may stand several times:\n", "")
                .replaceAll("(?m)^# (\\[\\[|[a-z_]+ = )", "$1");
        SkewerConfig config = reader.read(text, "default");
        assertThat(config.tcpSource()).hasSize(1);
        assertThat(config.udpSource()).hasSize(1);
        assertThat(config.relpSource()).hasSize(1);
    }

    @Test
    void anyConfigurationIsWrittenSoThatItReadsBackEqual() throws InvalidConfig {
        SkewerConfig config = reader.read("""
                [main]
                destination = "kafka,file"
                batch_delay = 1234567
                [store]
                secret = "%s"
                [[tcp_source]]
                ports = [1, 2]
                delimiter = "\\"\\\\\\t\\u0001\\u007f\u00e9"
                [[tcp_source]]
                unix_socket_path = "/run/log"
                [[relp_source]]
                window_size = 7
                """.formatted(SECRET), "f");
        assertThat(reader.read(ConfigWriter.write(config, ConfigWriter.Secrets.SHOWN), "written"))
                .isEqualTo(config);
    }

    @Test
    void aRedactedConfigurationLoadsButHoldsNoSecret() throws InvalidConfig {
        SkewerConfig config = reader.read("[store]\nsecret = \"" + SECRET + "\"", "f");
        String text = ConfigWriter.write(config, ConfigWriter.Secrets.REDACTED);
        assertThat(text).doesNotContain(SECRET).contains("# secret = \"(set, not shown)\"");
        assertThat(reader.read(text, "written").store().secret()).isEmpty();
    }

    @Test
    void noLineIsTooLongToRead() {
        assertThat(ConfigWriter.write(ConfigReader.defaults(), ConfigWriter.Secrets.SHOWN)
                        .lines())
                .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(110));
    }
}
