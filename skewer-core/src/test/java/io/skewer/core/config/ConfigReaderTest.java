package io.skewer.core.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigReaderTest {
    private final ConfigReader reader =
            new ConfigReader(value -> value.contains("{{bad") ? Optional.of("is a bad template") : Optional.empty());

    private SkewerConfig read(String toml) throws InvalidConfig {
        return reader.read(toml, "f.toml");
    }

    private List<String> problems(String toml) {
        return catchThrowableOfType(InvalidConfig.class, () -> read(toml)).problems().stream()
                .map(Problem::toString)
                .toList();
    }

    private String problem(String toml) {
        return assertThat(problems(toml)).hasSize(1).first().actual();
    }

    @Test
    void everyElementOfAListIsLookedAt() {
        assertThat(problems("""
                [main]
                destination = "kafak, file, stdout"
                [kafka_destination]
                brokers = ["a", "b:1", "c:70000", "b:1"]
                [[tcp_source]]
                ports = [0, 1514, 70000]
                [[relp_source]]
                ports = [10, 20]
                [[relp_source]]
                ports = [10, 30, 20]
                """))
                .containsExactly(
                        "f.toml:2: [main] destination: \"kafak\" is not a destination; known are kafka, file, stderr; did you mean \"kafka\"?",
                        "f.toml:2: [main] destination: \"stdout\" is not a destination; known are kafka, file, stderr; did you mean \"stderr\"?",
                        "f.toml:4: [kafka_destination] brokers: expects host:port, not \"a\"",
                        "f.toml:4: [kafka_destination] brokers: expects host:port, not \"c:70000\"",
                        "f.toml:4: [kafka_destination] brokers: \"b:1\" stands twice",
                        "f.toml:6: [[tcp_source]] no. 1 ports: must be between 1 and 65535, not 0",
                        "f.toml:6: [[tcp_source]] no. 1 ports: must be between 1 and 65535, not 70000",
                        "f.toml:10: [[relp_source]] no. 2 ports: port 10 is already used by [[relp_source]] no. 1",
                        "f.toml:10: [[relp_source]] no. 2 ports: port 20 is already used by [[relp_source]] no. 1");
    }

    @Test
    void aListOfNothingButMistakesIsReportedOnlyAsLongAsSomebodyReads() {
        String ports = "0, ".repeat(1000);
        assertThat(problems("[[tcp_source]]\nports = [" + ports + "]\n[[udp_source]]\nports = [" + ports + "]\n"))
                .hasSize(Problems.MAX_PROBLEMS);
    }

    @Test
    void anEmptyFileMeansTheDefaults() throws InvalidConfig {
        assertThat(read("")).isEqualTo(ConfigReader.defaults());
    }

    @Test
    void sourcesMayStandSeveralTimesWithTheirOwnSettings() throws InvalidConfig {
        SkewerConfig config = read("""
                [[tcp_source]]
                [[tcp_source]]
                ports = [601, 10_514]
                bind_addr = "::"
                timeout = "1m30s"
                keepalive_period = 2000000000
                delimiter = "\\u0000"
                [[relp_source]]
                """.replace("\\u0000", "\\r\\n"));

        assertThat(config.tcpSource()).hasSize(2);
        assertThat(config.tcpSource().getFirst().listening().ports()).containsExactly(TcpSource.DEFAULT_PORT);
        assertThat(config.tcpSource().get(1).listening().ports()).containsExactly(601, 10_514);
        assertThat(config.tcpSource().get(1).connections().timeout()).isEqualTo(Duration.ofSeconds(90));
        assertThat(config.tcpSource().get(1).connections().keepalivePeriod()).isEqualTo(Duration.ofSeconds(2));
        assertThat(config.tcpSource().get(1).delimiter()).isEqualTo("\r\n");
        assertThat(config.relpSource().getFirst().listening().ports()).containsExactly(RelpSource.DEFAULT_PORT);
    }

    @Test
    void aUnixSocketTakesThePlaceOfTheDefaultPort() throws InvalidConfig {
        SkewerConfig config = read("[[udp_source]]\nunix_socket_path = \"@skewer\"\nunix_socket_mode = \"0660\"\n");

        assertThat(config.udpSource().getFirst().listening().ports()).isEmpty();
        assertThat(config.udpSource().getFirst().listening().unixSocketModeBits())
                .isEqualTo(0660);
    }

    @Test
    void sizesMayHaveUnits() throws InvalidConfig {
        assertThat(read("[store]\nsegment_size = \"128MiB\"").store().segmentSize())
                .isEqualTo(128L << 20);
        assertThat(read("[store]\nsegment_size = 2000000").store().segmentSize())
                .isEqualTo(2_000_000);
    }

    @Test
    void allProblemsAreSaidAtOnceWithFileLineSectionAndKey() {
        assertThat(problems("""
                [main]
                destination = "kafak"
                encrypt_ipc = "yes"

                [[tcp_source]]
                [[tcp_source]]
                # a comment = here
                formt = "auto"
                ports = [70000]
                """))
                .containsExactly(
                        "f.toml:2: [main] destination: \"kafak\" is not a destination; known are kafka, file, stderr; did you mean \"kafka\"?",
                        "f.toml:3: [main] encrypt_ipc: expects true or false, not \"yes\"",
                        "f.toml:8: [[tcp_source]] no. 2 formt: unknown key; did you mean \"format\"?",
                        "f.toml:9: [[tcp_source]] no. 2 ports: must be between 1 and 65535, not 70000");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "[mian]                                        | [mian]: unknown section; did you mean \"main\"?",
                "[[main]]                                      | [main]: may stand only once: write [main] with single brackets",
                "[tcp_source]                                  | [tcp_source]: may stand several times: write [[tcp_source]] with double brackets",
                "main = 3                                      | [main]: is a section: write [main] on a line of its own",
                "tcp_source = [1]                              | [[tcp_source]] no. 1: is a section: write [[tcp_source]] on a line of its own",
                "[main]~encrypt_ipc = 1                        | [main] encrypt_ipc: expects true or false, not 1",
                "[main]~destination = 1                        | [main] destination: expects text in quotes, not 1",
                "[main]~max_input_message_size = \"64 KX\"     | [main] max_input_message_size: expects a number of bytes, like 65536 or \"64KiB\", not \"64 KX\"",
                "[main]~max_input_message_size = 1.5           | [main] max_input_message_size: expects a number of bytes, like 65536 or \"64KiB\", not 1.5",
                "[main]~max_input_message_size = 1             | [main] max_input_message_size: must be between 480 and 524288, not 1",
                "[main]~batch_delay = \"soon\"                 | [main] batch_delay: expects a duration, like \"30s\", \"1m30s\" or a whole number of nanoseconds, not \"soon\"",
                "[main]~batch_delay = \"2s\"                   | [main] batch_delay: must be between 0s and 1s, not \"2s\"",
                "[main]~batch_delay = -1                       | [main] batch_delay: must be between 0s and 1s, not -1 nanoseconds; write the unit, like \"30s\" or \"5ms\"",
                "[main]~stop_timeout = 10                      | [main] stop_timeout: must be between 100ms and 10m, not 10 nanoseconds; write the unit, like \"30s\" or \"5ms\"",
                "[main]~input_queue_size = 1024                | [main] input_queue_size: gone: memory is bounded by bytes; use max_input_message_size and batch_delay",
                "[store]~max_table_size = 1                    | [store] max_table_size: gone: the store is a log of segments; use segment_size",
                "[metrics]~path = \"metrics\"                  | [metrics] path: must be a path like \"/metrics\", and not \"/health\"",
                "[metrics]~port = 99999                        | [metrics] port: must be between 0 and 65535, not 99999",
                "[journald]~enabled = true                     | [journald]: not built into this version yet; remove the section",
                "[[graylog_source]]                            | [graylog_source]: not built into this version yet; remove the section",
                "[[tcp_source]]~tls_enabled = true             | [[tcp_source]] no. 1 tls_enabled: TLS is not built into this version yet; remove the key",
                "[[tcp_source]]~filter_func = \"x\"            | [[tcp_source]] no. 1 filter_func: JavaScript is not built into this version yet; use topic_tmpl and partition_key_tmpl",
                "[[tcp_source]]~bind_addr = \"localhost\"      | [[tcp_source]] no. 1 bind_addr: must be an IP address, like \"127.0.0.1\" or \"::\"; names are not looked up",
                "[[tcp_source]]~bind_addr = \"127.1\"          | [[tcp_source]] no. 1 bind_addr: must be an IP address, like \"127.0.0.1\" or \"::\"; names are not looked up",
                "[[tcp_source]]~bind_addr = \"\"               | [[tcp_source]] no. 1 bind_addr: must be an IP address, like \"127.0.0.1\" or \"::\"; names are not looked up",
                "[[tcp_source]]~ports = 1514                   | [[tcp_source]] no. 1 ports: expects a list: write [1, 2]",
                "[[tcp_source]]~ports = [\"1514\"]             | [[tcp_source]] no. 1 ports: expects a whole number, not \"1514\"",
                "[[tcp_source]]~ports = [1514, 1514]           | [[tcp_source]] no. 1 ports: port 1514 is already used by [[tcp_source]] no. 1",
                "[[tcp_source]]~ports = [8080]                 | [[tcp_source]] no. 1 ports: port 8080 is already used by the metrics page",
                "[[tcp_source]]~charset = \"utf9\"             | [[tcp_source]] no. 1 charset: is not a character set that Java knows; usual are \"utf8\" and \"latin1\"",
                "[[tcp_source]]~time_zone = \"Paris\"          | [[tcp_source]] no. 1 time_zone: is not a time zone; write \"UTC\", \"Europe/Paris\" or \"+02:00\"",
                "[[tcp_source]]~delimiter = \"\"               | [[tcp_source]] no. 1 delimiter: must have 1 to 16 characters",
                "[[tcp_source]]~format = \"rfc5425\"           | [[tcp_source]] no. 1 format: must be one of auto, rfc5424, rfc3164, json, not \"rfc5425\"; did you mean \"rfc5424\"?",
                "[[tcp_source]]~topic_tmpl = \"{{bad\"         | [[tcp_source]] no. 1 topic_tmpl: is a bad template",
                "[[udp_source]]~unix_socket_path = \"a\"       | [[udp_source]] no. 1 unix_socket_path: must begin with / or, for an abstract name, with @",
                "[[udp_source]]~unix_socket_mode = \"0999\"    | [[udp_source]] no. 1 unix_socket_mode: must be octal permissions, like \"0600\" or \"0660\"",
                "[[udp_source]]~keepalive = true               | [[udp_source]] no. 1 keepalive: gone: UDP has no connections",
                "[kafka_destination]~brokers = []              | [kafka_destination] brokers: needs at least one broker",
                "[kafka_destination]~brokers = \"a:1,b:2\"     | [kafka_destination] brokers: expects a list: write [\"a\", \"b\"]",
                "[kafka_destination]~brokers = [\"kafka1\"]    | [kafka_destination] brokers: expects host:port, not \"kafka1\"",
                "[kafka_destination]~brokers = [\"::1:9092\"]  | [kafka_destination] brokers: expects host:port, not \"::1:9092\"",
                "[kafka_destination]~version = \"0.10.1.0\"    | [kafka_destination] version: gone: client and brokers agree on the version by themselves",
                "[file_destination]~filename = \"a/{{.Date}}\" | [file_destination] filename: must begin with /: a relative name depends on where skewer was started",
                "[file_destination]~filename = \"/{{.Date}}\"  | [file_destination] filename: needs a directory before the first {{ that messages can be kept in",
                "[file_destination]~filename = \"/a/../b\"     | [file_destination] filename: must not contain ..",
                "[file_destination]~filename = \"/a/b/\"       | [file_destination] filename: names a directory, not a file",
            })
    void aMistakeGetsItsSentence(String toml, String sentence) {
        assertThat(problem(toml.replace('~', '\n')).replaceFirst("^f\\.toml:[1-9]: ", ""))
                .isEqualTo(sentence);
    }

    @Test
    void aSharedPortIsAllowedForAnotherProtocolOrAnotherAddress() throws InvalidConfig {
        assertThat(read("[[tcp_source]]\n[[udp_source]]\n[[tcp_source]]\nbind_addr = \"127.0.0.2\"\n")
                        .tcpSource())
                .hasSize(2);
    }

    @Test
    void theWildcardAddressSharesItsPortWithNobody() {
        assertThat(problem("[[tcp_source]]\n[[relp_source]]\nports = [1514]\nbind_addr = \"0.0.0.0\"\n"))
                .contains("port 1514 is already used by [[tcp_source]] no. 1");
    }

    @Test
    void aSecretThatIsTooShortIsRefusedWithoutShowingIt() throws InvalidConfig {
        assertThat(problem("[store]\nsecret = \"c2hvcnQtaHVudGVyMg==\""))
                .contains("make-secret")
                .doesNotContain("c2hv");
        assertThat(problem("[store]\nsecret = \"hunter2 hunter2 hunter2 hunter2 hunter2 hunter2\""))
                .doesNotContain("hunter2");
        String secret = "q6".repeat(21) + "s=";
        SkewerConfig config = read("[store]\nsecret = \"" + secret + "\"");
        assertThat(config.store().secret()).isEqualTo(secret);
        assertThat(config.toString()).doesNotContain(secret);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "secret = 'hunter2",
                "secret = hunter2",
                "secret = \"hunter2",
                "secret \"hunter2\"",
                "secret = \"\\q hunter2\"",
                "hunter2",
                "secret = \"\"\"hunter2",
                "secret = [\"hunter2\"",
                "secret = [\"hunter2\"]",
                "secret = {a = \"hunter2\"}",
                "old_secrets =%n[\"hunter2\"]",
                "old_secrets = # comment%n[\"hunter2\"]",
                "old_secrets : %n[\"hunter2\"]",
                "old_secrets = \"%n[\"hunter2\"]",
                "[\"hunter2\"]",
                "\"hunter2\" = 1",
                "[main]%ndestination = \"kafka%n[store]%nsecret = hunter2\"",
                "[main]%nencrypt_ipc = \"%n[store]%nsecret = hunter2\"",
                "[kafka_destination]%nbrokers = [\"%n[store]%nsecret = hunter2\"]",
            })
    void aSyntaxErrorNamesTheLineAndNeverQuotesTheFile(String line) {
        List<String> problems = problems("[store]\n" + line.replace("%n", "\n") + "\n");
        assertThat(problems)
                .isNotEmpty()
                .allSatisfy(problem -> assertThat(problem).startsWith("f.toml:").doesNotContain("hunter2"));
    }

    @Test
    void aSectionWithTheWrongBracketsDoesNotHideWhatElseIsWrong() {
        assertThat(problems("""
                [main]
                destination = "kafak"
                [tcp_source]
                formt = "auto"
                charset = "utf9"
                [[udp_source]]
                [[udp_source]]
                ports = [99999]
                [[confinement]]
                absent = "uid"
                """))
                .containsExactly(
                        "f.toml:2: [main] destination: \"kafak\" is not a destination; known are kafka, file, stderr; did you mean \"kafka\"?",
                        "f.toml:3: [tcp_source]: may stand several times: write [[tcp_source]] with double brackets",
                        "f.toml:4: [[tcp_source]] no. 1 formt: unknown key; did you mean \"format\"?",
                        "f.toml:5: [[tcp_source]] no. 1 charset: is not a character set that Java knows; usual are \"utf8\" and \"latin1\"",
                        "f.toml:8: [[udp_source]] no. 2 ports: must be between 1 and 65535, not 99999",
                        "f.toml:9: [confinement]: may stand only once: write [confinement] with single brackets",
                        "f.toml:10: [confinement] absent: expects a list: write [\"a\", \"b\"]");
    }

    @Test
    void aPortThatCouldNotBeReadIsNotTakenForTheDefault() {
        assertThat(problem("[[tcp_source]]\nports = \"601\"\n[[tcp_source]]\n")).contains("expects a list");
    }

    @Test
    void aKeyOrSectionThatStandsTwiceIsRefused() {
        assertThat(problem("[main]\nencrypt_ipc = true\nencrypt_ipc = false"))
                .isEqualTo("f.toml:3: the key stands twice");
        assertThat(problem("[main]\n[store]\n[main]\n")).isEqualTo("f.toml:3: [main]: the section stands twice");
        assertThat(problem("[tcp_source]\n[udp_source]\n [ tcp_source ] # the other\n"))
                .isEqualTo("f.toml:3: [tcp_source]: the section stands twice; write [[tcp_source]] for each");
        assertThat(problem("[\"hunter2\"]\n[\"hunter2\"]\n")).isEqualTo("f.toml:2: the section stands twice");
    }

    @Test
    void aKeyOutsideOfItsSectionIsToldWhereItBelongs() {
        assertThat(problem("destination = \"file\"\n[main]\n"))
                .isEqualTo("f.toml:1: destination: unknown key; it belongs to [main]");
        assertThat(problem("charset = \"utf-8\"\n"))
                .isEqualTo(
                        "f.toml:1: charset: unknown key; it belongs to [[tcp_source]] or [[udp_source]] or [[relp_source]]");
    }

    @Test
    void theFileInPlaceOfItsDirectoryIsRefused(@TempDir Path directory) throws Exception {
        Path file = Files.writeString(directory.resolve("skewer.toml"), "[main]\n");
        assertThat(catchThrowableOfType(InvalidConfig.class, () -> reader.read(file)))
                .hasMessage(file + ": is a file; --config names the directory in which skewer.toml is");
    }

    @Test
    void aFileOfSomebodyElseSaysHowToShareIt(@TempDir Path directory) throws Exception {
        Path file = Files.writeString(directory.resolve("skewer.toml"), "[main]\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("---------"));
        assumeThat(Files.isReadable(file)).as("root reads everything").isFalse();
        assertThat(catchThrowableOfType(InvalidConfig.class, () -> reader.read(directory)))
                .hasMessageStartingWith(file + ": permission denied")
                .hasMessageContaining("chown root:skewer " + file + "; chmod 0640 " + file);
    }

    @Test
    void aMissingFileSaysHowToMakeOne(@TempDir Path directory) {
        assertThat(catchThrowableOfType(InvalidConfig.class, () -> reader.read(directory)))
                .hasMessageContaining(
                        "there is no such file; --config names another directory, and one is made with: skewer default-config > ");
    }

    @Test
    void aFileIsReadFromItsDirectory(@TempDir Path directory) throws Exception {
        Files.writeString(directory.resolve("skewer.toml"), "[main]\ndestination = \"kafka, file ,KAFKA\"\n");
        assertThat(reader.read(directory).main().destinations()).containsExactly("kafka", "file");
    }

    @Test
    void aFileThatIsNotTextOrTooLongOrADirectoryIsRefused(@TempDir Path directory) throws Exception {
        Path file = directory.resolve("skewer.toml");
        Files.write(file, new byte[] {'#', (byte) 0xff, (byte) 0xfe, 0});
        assertThat(catchThrowableOfType(InvalidConfig.class, () -> reader.read(directory)))
                .hasMessageContaining("is not UTF-8 text");
        Files.write(file, new byte[ConfigReader.MAX_FILE_BYTES + 1]);
        assertThat(catchThrowableOfType(InvalidConfig.class, () -> reader.read(directory)))
                .hasMessageContaining("has more than");
        Files.delete(file);
        Files.createDirectory(file);
        assertThat(catchThrowableOfType(InvalidConfig.class, () -> reader.read(directory)))
                .hasMessageEndingWith("cannot be read: Is a directory");
    }

    @Test
    void aTemplateThatCannotBeCompiledIsRefused() {
        String toml = "[[tcp_source]]\ntopic_tmpl = \"{{.HostNam}}\"\n[file_destination]\nfilename = \"/a/{{.Date\"";
        assertThat(catchThrowableOfType(InvalidConfig.class, () -> new ConfigReader().read(toml, "f.toml"))
                        .problems())
                .extracting(Problem::key)
                .containsExactly("topic_tmpl", "filename");
    }
}
