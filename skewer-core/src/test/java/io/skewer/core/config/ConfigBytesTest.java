package io.skewer.core.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class ConfigBytesTest {
    enum Mode {
        QUIET,
        LOUD
    }

    record Inner(List<String> words, @Flattened Group group, Duration pause) {}

    record Group(
            @Setting(value = "7", about = "A number.", min = 0, max = 9)
            int number,

            boolean flag) {}

    record Outer(Inner inner, List<Inner> inners, List<Integer> numbers, long big, Mode mode, String text) {}

    @Test
    void aWholeConfigurationTravels() throws InvalidConfig {
        SkewerConfig config =
                new ConfigReader(value -> Optional.empty()).read("""
                [store]
                secret = "%s"
                [[tcp_source]]
                [[udp_source]]
                time_zone = "Europe/Paris"
                """.formatted("q6".repeat(21) + "s="), "f");
        assertThat(ConfigBytes.decode(SkewerConfig.class, ConfigBytes.encode(config)))
                .isEqualTo(config);
    }

    @Property(tries = 300)
    void aRecordWithListsAndGroupsComesBackEqual(@ForAll("outers") Outer outer) throws InvalidConfig {
        assertThat(ConfigBytes.decode(Outer.class, ConfigBytes.encode(outer))).isEqualTo(outer);
    }

    @Provide
    Arbitrary<Outer> outers() {
        Arbitrary<String> texts =
                Arbitraries.strings().ofMaxLength(20).filter(text -> text.indexOf('\0') < 0 && wellFormed(text));
        Arbitrary<Inner> inners = Combinators.combine(
                        texts.list().ofMaxSize(4),
                        Arbitraries.integers().between(0, 9),
                        Arbitraries.of(true, false),
                        Arbitraries.longs().greaterOrEqual(0))
                .as((words, number, flag, ns) -> new Inner(words, new Group(number, flag), Duration.ofNanos(ns)));
        return Combinators.combine(
                        inners,
                        inners.list().ofMaxSize(4),
                        Arbitraries.integers().list().ofMaxSize(4),
                        Arbitraries.longs(),
                        Arbitraries.of(Mode.class),
                        texts)
                .as(Outer::new);
    }

    private static boolean wellFormed(String text) {
        return text.codePoints().noneMatch(c -> c >= 0xd800 && c <= 0xdfff);
    }

    @Property(tries = 300)
    void plainValuesComeBackEqual(@ForAll List<Long> numbers, @ForAll double number, @ForAll boolean flag)
            throws MalformedBytes {
        Map<String, Object> value = new LinkedHashMap<>();
        value.put("numbers", numbers);
        value.put("number", number);
        value.put("flag", flag);
        value.put("", Map.of());
        assertThat(PlainBytes.decode(PlainBytes.encode(value))).isEqualTo(value);
    }

    @Test
    void theFormIsLittleEndianAndDoesNotDrift() {
        Map<String, Object> value = new LinkedHashMap<>();
        value.put("a", List.of(1L, "b", true));
        assertThat(PlainBytes.encode(value))
                .containsExactly(
                        5, 1, 0, 0, 0, 1, 0, 0, 0, 'a', 4, 3, 0, 0, 0, 2, 1, 0, 0, 0, 0, 0, 0, 0, 3, 1, 0, 0, 0, 'b',
                        1);
    }

    @Test
    void everyTruncationIsRefused() {
        byte[] bytes = ConfigBytes.encode(ConfigReader.defaults());
        for (int length = 0; length < bytes.length; length++) {
            byte[] cut = Arrays.copyOf(bytes, length);
            assertThatExceptionOfType(InvalidConfig.class)
                    .isThrownBy(() -> ConfigBytes.decode(SkewerConfig.class, cut));
        }
    }

    @Test
    void hostileBytesAreRefusedBeforeRoomIsMade() {
        byte[][] hostile = {
            {},
            {4, -1, -1, -1, 127}, // a list of two thousand million values
            {4, -1, -1, -1, -1},
            {3, -1, -1, -1, 127},
            {3, 1, 0, 0, 0, -1}, // not UTF-8
            {5, 2, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1}, // a name twice
            {7},
            {1, 1},
            new byte[PlainBytes.MAX_BYTES + 1],
            nested(PlainBytes.MAX_DEPTH + 1),
        };
        for (byte[] bytes : hostile) {
            assertThatExceptionOfType(MalformedBytes.class).isThrownBy(() -> PlainBytes.decode(bytes));
            assertThatExceptionOfType(InvalidConfig.class)
                    .isThrownBy(() -> ConfigBytes.decode(StoreSection.class, bytes));
        }
    }

    private static byte[] nested(int depth) {
        byte[] bytes = new byte[depth * 5 + 1];
        for (int i = 0; i < depth; i++) {
            bytes[i * 5] = 4;
            bytes[i * 5 + 1] = 1;
        }
        return bytes;
    }

    @Test
    void aMissingOrUnknownOrWrongValueIsRefused() {
        for (Map<String, Object> tree : List.<Map<String, Object>>of(
                Map.of("number", 3L),
                Map.of("flag", true, "number", 10L),
                Map.of("flag", true, "number", "3"),
                Map.of("flag", true, "colour", "red"))) {
            assertThatExceptionOfType(InvalidConfig.class)
                    .isThrownBy(() -> ConfigBytes.decode(Group.class, PlainBytes.encode(tree)));
        }
    }

    @FuzzTest
    void anyBytesAreReadOrRefused(byte[] bytes) {
        try {
            Object value = PlainBytes.decode(bytes);
            if (!Arrays.equals(PlainBytes.encode(value), bytes)) {
                throw new AssertionError("read as something else than was written");
            }
            ConfigBytes.decode(SkewerConfig.class, bytes);
        } catch (MalformedBytes | InvalidConfig e) {
            // refused, as it should be
        }
    }
}
