package io.skewer.cli.role;

import static org.assertj.core.api.Assertions.assertThat;

import io.skewer.cli.log.LogQueue;
import io.skewer.cli.log.LogTarget;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

@Timeout(60)
class LastWordsTest {
    private static final int STATUS = 74;
    private static final int WORDS = 500;

    @Test
    void whatAProcessSaysBeforeItEndsItselfIsHeard() throws Exception {
        Process process = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Dying.class.getName())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String heard = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).isEqualTo(STATUS);
        assertThat(heard.lines())
                .containsExactlyElementsOf(
                        IntStream.range(0, WORDS).mapToObj(Integer::toString).toList());
    }

    /** Says much, and ends itself with the last word. */
    static final class Dying {
        private static final Logger LOG = LoggerFactory.getLogger(Dying.class);

        public static void main(String[] args) {
            PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
            LogTarget.install(new LogQueue(word -> out.println(word.event())));
            for (int i = 0; i < WORDS; i++) {
                LOG.atError().setMessage(Integer.toString(i)).log();
            }
            Control.halt(STATUS);
        }
    }
}
