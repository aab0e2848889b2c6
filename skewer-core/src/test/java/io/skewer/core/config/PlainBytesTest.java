package io.skewer.core.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.skewer.core.message.ByteBuilder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is left in memory of a value that was put into bytes. {@link ConfigBytesTest} has the bytes themselves. */
class PlainBytesTest {
    private static final String SECRET = "a secret";
    /** Three times what the builder has room for in the beginning. */
    private static final String MORE = "more".repeat(48);

    @Test
    void nothingIsLeftInArraysThatBecameTooSmall() {
        ByteBuilder out = new ByteBuilder(64);
        byte[] first = out.array();
        byte[] bytes = PlainBytes.encode(List.of(SECRET, MORE), out);
        assertThat(new String(bytes, StandardCharsets.UTF_8)).contains(SECRET);
        assertThat(first).containsOnly(0);
        assertThat(out.array()).isNotSameAs(first).containsOnly(0);
    }

    @Test
    void nothingIsLeftOfAValueThatIsRefused() {
        ByteBuilder out = new ByteBuilder(64);
        List<Object> notPlain = new ArrayList<>(List.of(SECRET, MORE));
        notPlain.add(new Object());
        assertThatIllegalArgumentException().isThrownBy(() -> PlainBytes.encode(notPlain, out));
        assertThat(out.array()).containsOnly(0);
    }
}
