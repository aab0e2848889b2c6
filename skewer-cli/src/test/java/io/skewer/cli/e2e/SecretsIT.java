package io.skewer.cli.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What processes leave behind when they crash, and what others of their user can get out of them while they live: no secret and no message. */
@EnabledOnOs(OS.LINUX)
class SecretsIT {
    private static final String SECRET = "c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0MDE=";
    private static final String CANARY = "canary-8d1f2c";
    private static final List<String> CHILDREN =
            List.of("skewer-tcp", "skewer-udp", "skewer-relp", "skewer-forward-file", "skewer-store");

    @TempDir
    Path directory;

    private TestDaemon start() throws Exception {
        return new DaemonSetup(directory)
                .sections("[store]\nsecret = \"" + SECRET + "\"\n")
                .start();
    }

    /** S52 and S56: sealed, every process can still say that and where it crashed, and leaves no dump. */
    @Test
    void aCrashIsReportedAndNeitherReportNorDumpHoldsASecretOrAMessage() throws Exception {
        try (TestDaemon daemon = start()) {
            TcpSender.send(daemon.tcpPort, CANARY, 200);
            daemon.awaitMessages(200);
            int crashes = 0;
            for (String title : CHILDREN) {
                ProcessHandle victim = daemon.children().get(title);
                // The first of its pid namespace gets only signals that it handles: this one would make a core dump.
                Execution.of("kill", "-ABRT", "" + victim.pid());
                Execution.of("kill", "-SEGV", "" + victim.pid());
                daemon.awaitSuccessor(title, victim);
                crashes++;
                int told = crashes;
                daemon.await(
                        "the report of " + title,
                        () -> count(daemon.log(), "A fatal error has been detected by the Java Runtime") == told);
            }
            assertThat(daemon.log())
                    .doesNotContain(SECRET)
                    .doesNotContain(CANARY)
                    .doesNotContain("the filter refused");
        }
        // Not before: files of a store at work come and go while somebody lists them.
        assertThat(dumps(directory)).isEmpty();
        assertThat(dumps(Path.of("").toAbsolutePath())).isEmpty();
    }

    /** S53. */
    @Test
    void nobodyOfTheSameUserAttaches() throws Exception {
        try (TestDaemon daemon = start()) {
            String jcmd = Path.of(System.getProperty("java.home"), "bin/jcmd").toString();
            Execution control = Execution.of(jcmd, "" + ProcessHandle.current().pid(), "VM.version");
            assertThat(control.status()).as("the control: %s", control.err()).isZero();
            for (String title : List.of("skewer-tcp", "skewer-store")) {
                ProcessHandle child = daemon.children().get(title);
                Execution attach = Execution.of(
                        jcmd,
                        "-J-Dsun.tools.attach.attachTimeout=500",
                        "" + child.pid(),
                        "GC.heap_dump",
                        "/tmp/x.hprof");
                assertThat(attach.status()).as("%s", attach.out()).isNotZero();
                assertThat(child.isAlive()).isTrue();
            }
        }
    }

    /** Nobody else needs it, and a listener that has fallen could send it away. */
    @Test
    void onlyTheStoreAndTheSupervisorHaveTheSecretOfTheStoreInTheirMemory() throws Exception {
        Required.that("root".equals(System.getProperty("user.name")), "only root may look into processes");
        byte[] text = SECRET.getBytes(StandardCharsets.US_ASCII);
        byte[] key = Base64.getDecoder().decode(SECRET);
        try (TestDaemon daemon = start()) {
            TcpSender.send(daemon.tcpPort, CANARY, 200);
            daemon.awaitMessages(200);
            assertThat(ProcessMemory.count(daemon.supervisor(), text)).isPositive();
            for (Map.Entry<String, ProcessHandle> child : daemon.children().entrySet()) {
                boolean isStore = child.getKey().equals("skewer-store");
                ProcessHandle process = child.getValue();
                assertThat(ProcessMemory.count(process, text) > 0)
                        .as(child.getKey())
                        .isEqualTo(isStore);
                assertThat(ProcessMemory.count(process, key) > 0)
                        .as(child.getKey())
                        .isEqualTo(isStore);
            }
        }
    }

    private static int count(String text, String sentence) {
        return text.split(sentence, -1).length - 1;
    }

    private static List<Path> dumps(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder, 3)) {
            return files.filter(file -> file.getFileName()
                            .toString()
                            .matches("core(\\.\\d+)?|hs_err.*|.*\\.hprof|.*\\.mdmp|replay.*"))
                    .filter(Files::isRegularFile)
                    .toList();
        }
    }
}
