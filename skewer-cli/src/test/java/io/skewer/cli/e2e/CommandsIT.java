package io.skewer.cli.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The script and its commands: exit codes, the answer on stdout, everything else on stderr. */
class CommandsIT {
    private static final String SECRET = "q6urq6urq6urq6urq6urq6urq6urq6urq6urq6urq6s=";

    @TempDir
    Path directory;

    @Test
    void theDefaultConfigurationCanBeUsedAsItIs() throws Exception {
        Execution defaults = Execution.ofSkewer("default-config");
        assertSuccess(defaults);
        write(defaults.out());
        Execution check = Execution.ofSkewer("check-config", "--config", directory.toString());
        assertThat(check.status()).isZero();
        assertThat(check.out()).isEqualTo(directory.resolve("skewer.toml") + " can be used\n");
        Execution print = Execution.ofSkewer("print-config", "--config", directory.toString());
        assertSuccess(print);
        assertThat(print.out()).isEqualTo(defaults.out());
    }

    @Test
    void theExampleOfTheRepositoryCanBeUsed() throws Exception {
        write(Files.readString(Path.of(Execution.skewer()).resolveSibling("skewer.example.toml")));
        assertSuccess(Execution.ofSkewer("check-config", "--config", directory.toString()));
    }

    @Test
    void printConfigShowsWhatIsConfiguredAndNoSecret() throws Exception {
        write("[store]\nsecret = \"" + SECRET + "\"\n[[tcp_source]]\nports = [4711]\n");
        Execution print = Execution.ofSkewer("print-config", "--config", directory.toString());
        assertThat(print.status()).isZero();
        assertThat(print.out()).contains("4711", "[store]").doesNotContain(SECRET);
        assertThat(print.err()).doesNotContain(SECRET);
    }

    @Test
    void checkConfigReportsAllErrorsAtOnceOnStandardError() throws Exception {
        write(
                "[main]\ndestination = \"kafak\"\nbatch_dely = 1\n[[tcp_source]]\nports = [\"many\"]\nformat = \"rfc5425\"\n");
        Execution check = Execution.ofSkewer("check-config", "--config", directory.toString());
        assertThat(check.status()).isEqualTo(78);
        assertThat(check.out()).isEmpty();
        assertThat(check.err())
                .contains("skewer.toml:2: [main] destination", "skewer.toml:3: [main] batch_dely", "\"batch_delay\"?")
                .contains("skewer.toml:5:", "skewer.toml:6:", "\"rfc5424\"?");
    }

    @Test
    void serveRefusesAWrongConfigurationInTheSameWords() throws Exception {
        write("[main]\ndestination = \"kafak\"\n");
        Execution serve = Execution.ofSkewer(
                "serve",
                "--config",
                directory.toString(),
                "--store",
                directory.resolve("store").toString());
        assertThat(serve.status()).isEqualTo(78);
        assertThat(serve.out()).isEmpty();
        assertThat(serve.err())
                .isEqualTo(Execution.ofSkewer("check-config", "--config", directory.toString())
                        .err());
        // The launcher may have made the directory; nothing is in it.
        String[] stored = directory.resolve("store").toFile().list();
        assertThat(stored == null ? new String[0] : stored).isEmpty();
    }

    @Test
    void aSecretIs32RandomBytes() throws Exception {
        Execution first = Execution.ofSkewer("make-secret");
        assertSuccess(first);
        assertThat(Base64.getUrlDecoder().decode(first.out().strip())).hasSize(32);
        assertThat(Execution.ofSkewer("make-secret").out()).isNotEqualTo(first.out());
    }

    @Test
    void theVersionIsOneLine() throws Exception {
        Execution version = Execution.ofSkewer("version");
        assertSuccess(version);
        assertThat(version.out()).matches("skewer \\d+\\.\\d+\\.\\d+.*\n");
    }

    @Test
    void theCompletionIsAScriptThatBashCanRead() throws Exception {
        Execution completion = Execution.ofSkewer("generate-completion");
        assertSuccess(completion);
        Path script = Files.writeString(directory.resolve("completion"), completion.out());
        Execution bash = Execution.of(
                "bash", "--norc", "-c", ". '" + script + "' && complete -p skewer && compgen -W 'x' >/dev/null");
        assertThat(bash.status()).as(bash.err()).isZero();
        assertThat(bash.out()).contains("skewer");
    }

    @Test
    void aMistakeOnTheCommandLineIsStatusTwoAndSaysWhatWasMeant() throws Exception {
        Execution unknown = Execution.ofSkewer("chekc-config");
        assertThat(unknown.status()).isEqualTo(2);
        assertThat(unknown.out()).isEmpty();
        assertThat(unknown.err()).contains("Did you mean: skewer check-config");
    }

    @Test
    void helpIsAnAnswer() throws Exception {
        Execution help = Execution.ofSkewer("--help");
        assertSuccess(help);
        assertThat(help.out()).contains("serve", "quickstart", "Exit codes:");
        Execution serve = Execution.ofSkewer("serve", "--help");
        assertSuccess(serve);
        assertThat(serve.out()).contains("--pidfile", "--uid");
    }

    private void write(String toml) throws Exception {
        Files.writeString(directory.resolve("skewer.toml"), toml);
    }

    private static void assertSuccess(Execution execution) {
        assertThat(execution.status()).as(execution.err()).isZero();
        assertThat(execution.out()).isNotEmpty();
        assertThat(execution.err()).isEmpty();
    }
}
