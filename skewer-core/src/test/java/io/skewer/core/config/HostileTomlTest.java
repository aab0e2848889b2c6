package io.skewer.core.config;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A file written by an enemy may be refused; it may not do anything else. */
class HostileTomlTest {
    private final ConfigReader reader = new ConfigReader(value -> Optional.empty());

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a = 99999999999999999999999999",
                "a = -",
                "a = 1__2",
                "a = 0x",
                "= 1",
                "[]",
                "[[]]",
                "[a",
                "[[a]",
                "\"",
                "'''",
                "\"\"\"",
                "a = \"\\u12\"",
                "a = \"\\uD800\"",
                "a = {",
                "a = {b = {c = {d = 1}}}",
                "a = [1, \"b\"]",
                "a = 2016-99-99T99:99:99Z",
                "a.b.c = 1",
                "[a]\n[a.b]\n[a]\nb = 1",
                "\0",
                "a = 1 b = 2",
                "a = # nothing",
                "a =",
                "[main]\nencrypt_ipc =\nbatch_delay = 1",
                "[main]\nencrypt_ipc = # false",
                "[main.deeper]\nx = 1",
                "[[main.deeper]]\nx = 1",
                "[\"main\"]\nencrypt_ipc = 3",
                "\u202e = 1",
            })
    void aBrokenFileIsRefused(String toml) {
        assertThatExceptionOfType(InvalidConfig.class).isThrownBy(() -> reader.read(toml, "f"));
    }

    @Test
    void bracketsInBracketsDoNotExhaustTheStack() {
        for (String open : new String[] {"[", "{a=", "[["}) {
            assertThatExceptionOfType(InvalidConfig.class)
                    .isThrownBy(() -> reader.read("a = " + open.repeat(100_000), "f"));
        }
    }

    @Test
    void manyMistakesAreBoundedAndQuick() {
        StringBuilder toml = new StringBuilder("[main]\n");
        for (int i = 0; i < 20_000; i++) {
            toml.append("key_").append(i).append(" = ").append(i).append('\n');
        }
        assertTimeoutPreemptively(
                Duration.ofSeconds(30),
                () -> assertThatExceptionOfType(InvalidConfig.class)
                        .isThrownBy(() -> reader.read(toml.toString(), "f"))
                        .satisfies(e -> org.assertj.core.api.Assertions.assertThat(e.problems())
                                .hasSize(Problems.MAX_PROBLEMS)));
    }

    @FuzzTest
    void anyTextIsReadOrRefused(byte[] bytes) {
        try {
            reader.read(new String(bytes, java.nio.charset.StandardCharsets.UTF_8), "f");
        } catch (InvalidConfig e) {
            if (e.problems().isEmpty()) {
                throw new AssertionError("refused without a reason", e);
            }
        }
    }
}
