package io.skewer.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.skewer.cli.log.LogLevel;
import io.skewer.cli.log.LogOptions;
import io.skewer.core.config.ConfigReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SkewerTest {
    private static final String SECRET = "q6".repeat(21) + "s=";

    private final List<ServeOptions> served = new ArrayList<>();
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String... args) {
        return run(
                options -> {
                    served.add(options);
                    return ExitCode.OK;
                },
                args);
    }

    private int run(Daemon daemon, String... args) {
        return new Skewer(daemon).run(new PrintWriter(out), new PrintWriter(err), args);
    }

    @Test
    void aloneItPrintsTheHelp() {
        assertThat(run()).isEqualTo(ExitCode.OK);
        assertThat(out.toString())
                .contains("serve", "default-config", "check-config", "Exit codes:", "78", "docs/configuration.md");
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void helpIsACommandToo() {
        assertThat(run("help", "serve")).isEqualTo(ExitCode.OK);
        assertThat(out.toString()).contains("--logfilename", "--uid", "Exit codes:");
    }

    @Test
    void anUnknownCommandIsRefusedWithASuggestion() {
        assertThat(run("chekc-config")).isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).contains("skewer: Unmatched argument", "Did you mean: skewer check-config");
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void anUnknownOptionIsRefused() {
        assertThat(run("serve", "--confg", "x")).isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).contains("--config");
        assertThat(served).isEmpty();
    }

    @Test
    void serveHandsItsOptionsToTheDaemon() {
        assertThat(run(
                        "serve",
                        "--config",
                        "/c",
                        "--store=/s",
                        "--test",
                        "--uid",
                        "u",
                        "--gid",
                        "7",
                        "--uid-range",
                        "9-99",
                        "--loglevel",
                        "Crit",
                        "--logfilename",
                        "/l",
                        "--logjson",
                        "--syslog",
                        "--pidfile",
                        "/p"))
                .isEqualTo(ExitCode.OK);
        assertThat(served)
                .containsExactly(new ServeOptions(
                        Path.of("/c"),
                        Path.of("/s"),
                        true,
                        "u",
                        "7",
                        "9-99",
                        new LogOptions(LogLevel.CRIT, Path.of("/l"), true, true),
                        Path.of("/p")));
    }

    @Test
    void serveHasTheDefaultsOfItsHelp() {
        assertThat(run("serve")).isEqualTo(ExitCode.OK);
        assertThat(served)
                .containsExactly(new ServeOptions(
                        Path.of("/etc"),
                        Path.of("/var/lib/skewer"),
                        false,
                        null,
                        null,
                        null,
                        new LogOptions(LogLevel.INFO, null, false, false),
                        null));
    }

    @Test
    void anUnknownLogLevelIsRefused() {
        assertThat(run("serve", "--loglevel", "loud")).isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).contains("'loud' is not one of debug, info, warn, error, crit");
    }

    @Test
    void quickstartRefusesWhatCannotWorkBeforeItStartsAnything() {
        assertThat(run("quickstart", "--tcp-port", "70000")).isEqualTo(ExitCode.USAGE);
        assertThat(run("quickstart", "--udp-port", "0")).isEqualTo(ExitCode.USAGE);
        assertThat(run("quickstart", "--tcp-port", "1700", "--relp-port", "1700"))
                .isEqualTo(ExitCode.USAGE);
        assertThat(run("quickstart", "--messages", "1", "--timeout", "0")).isEqualTo(ExitCode.USAGE);
        assertThat(err.toString().lines().filter(line -> line.startsWith("skewer: ")))
                .containsExactly(
                        "skewer: a port is a number from 1 to 65535, not 70000",
                        "skewer: a port is a number from 1 to 65535, not 0",
                        "skewer: --tcp-port and --relp-port cannot both be 1700",
                        "skewer: --messages cannot be negative, --timeout is at least 1 second");
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void theExitCodeOfTheDaemonIsThatOfTheCommand() {
        assertThat(run(options -> 7, "serve")).isEqualTo(7);
    }

    @Test
    void aFailureIsOneSentence() {
        assertThat(run(
                        options -> {
                            throw new IOException("port 514 is taken");
                        },
                        "serve"))
                .isEqualTo(ExitCode.FAILURE);
        assertThat(err.toString()).isEqualToIgnoringNewLines("skewer: port 514 is taken");
    }

    @Test
    void aFailureThatIsOnlyAPathIsASentence() {
        assertThat(run(
                        options -> {
                            throw new AccessDeniedException("/var/log/skewer.log");
                        },
                        "serve"))
                .isEqualTo(ExitCode.FAILURE);
        assertThat(err.toString()).isEqualToIgnoringNewLines("skewer: /var/log/skewer.log: permission denied");
    }

    @Test
    void theDefaultConfigurationOnStandardOutputCanBeUsed(@TempDir Path directory) throws Exception {
        assertThat(run("default-config")).isEqualTo(ExitCode.OK);
        Files.writeString(directory.resolve("skewer.toml"), out.toString());
        assertThat(new ConfigReader().read(directory)).isEqualTo(ConfigReader.defaults());
    }

    @Test
    void checkConfigSaysEverythingAtOnce(@TempDir Path directory) throws Exception {
        Files.writeString(directory.resolve("skewer.toml"), "[main]\ndestination = \"kafak\"\nbatch_dely = 1\n");
        assertThat(run("check-config", "--config", directory.toString())).isEqualTo(ExitCode.CONFIGURATION);
        assertThat(err.toString())
                .contains("skewer.toml:2: [main] destination", "skewer.toml:3: [main] batch_dely", "\"batch_delay\"?");
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void checkConfigWarnsWhenThereIsNoSource(@TempDir Path directory) throws Exception {
        Files.writeString(directory.resolve("skewer.toml"), "");
        assertThat(run("check-config", "--config", directory.toString())).isEqualTo(ExitCode.OK);
        assertThat(err.toString()).contains("warning: there is no source");
        assertThat(out.toString()).endsWith("can be used\n");
    }

    @Test
    void aMissingConfigurationIsAConfigurationError(@TempDir Path directory) {
        assertThat(run("print-config", "--config", directory.toString())).isEqualTo(ExitCode.CONFIGURATION);
        assertThat(err.toString()).contains("skewer default-config >");
    }

    @Test
    void printConfigShowsNoSecret(@TempDir Path directory) throws Exception {
        Files.writeString(directory.resolve("skewer.toml"), "[store]\nsecret = \"" + SECRET + "\"\n");
        assertThat(run("print-config", "--config", directory.toString())).isEqualTo(ExitCode.OK);
        assertThat(out.toString()).contains("segment_size").doesNotContain(SECRET);
    }

    @Test
    void aSecretIs32BytesAndNeverTheSame() {
        assertThat(run("make-secret")).isEqualTo(ExitCode.OK);
        String secret = out.toString();
        assertThat(secret).hasSize(45).endsWith("=\n");
        assertThat(Base64.getUrlDecoder().decode(secret.strip())).hasSize(32);
        out.getBuffer().setLength(0);
        run("make-secret");
        assertThat(out.toString()).isNotEqualTo(secret);
    }

    @Test
    void theVersionIsThatOfTheBuild() {
        assertThat(run("version")).isEqualTo(ExitCode.OK);
        assertThat(out.toString()).matches("skewer [0-9]+\\.[0-9]+\\.[0-9]+.*\n");
        String version = out.toString();
        out.getBuffer().setLength(0);
        assertThat(run("--version")).isEqualTo(ExitCode.OK);
        assertThat(out).hasToString(version);
    }

    @Test
    void theCompletionKnowsAllCommands() {
        assertThat(run("generate-completion")).isEqualTo(ExitCode.OK);
        assertThat(out.toString()).contains("check-config", "--logfilename");
    }

    @Test
    void anAnswerThatCannotBeWrittenIsAFailure() {
        PrintWriter full = new PrintWriter(new Writer() {
            @Override
            public void write(char[] buffer, int offset, int length) throws IOException {
                throw new IOException("no space left");
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        });
        assertThat(new Skewer(options -> 0).run(full, new PrintWriter(err), "make-secret"))
                .isEqualTo(ExitCode.FAILURE);
        assertThat(err.toString()).contains("the answer could not be written");
    }
}
