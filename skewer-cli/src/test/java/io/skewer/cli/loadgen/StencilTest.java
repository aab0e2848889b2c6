package io.skewer.cli.loadgen;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class StencilTest {
    private static final Instant WHEN = Instant.parse("2026-11-02T06:53:21.123456789Z");

    private static String text(Stencil stencil) {
        return new String(stencil.bytes(), StandardCharsets.US_ASCII);
    }

    @Test
    void aMessageHasTheHeadOfItsFormatAndItsExactSize() {
        Stencil rfc5424 = new MessageForm(MessageForm.Format.RFC5424, 256, WHEN).stencil("load-3");
        assertThat(text(rfc5424))
                .hasSize(256)
                .startsWith("<165>1 2026-11-02T06:53:21.123456Z load-3 loadgen 4242 ID47 [x@32473 iut=\"3\"] "
                        + "from=load-3 seq=0000000000 the quick brown fox");
        Stencil rfc3164 = new MessageForm(MessageForm.Format.RFC3164, 1024, WHEN).stencil("load-0");
        assertThat(text(rfc3164))
                .hasSize(1024)
                .startsWith("<13>Nov  2 06:53:21 load-0 loadgen[4242]: from=load-0 seq=0000000000 the quick");
    }

    @Test
    void aMessageIsNeverShorterThanItsHeadAndNumber() {
        assertThat(text(new MessageForm(MessageForm.Format.RFC3164, 1, WHEN).stencil("a")))
                .isEqualTo("<13>Nov  2 06:53:21 a loadgen[4242]: from=a seq=0000000000 ");
    }

    @Test
    void countingChangesNothingButTheNumber() {
        Stencil stencil = new MessageForm(MessageForm.Format.RFC5424, 200, WHEN)
                .stencil("a")
                .framed(new byte[] {'1', ' '}, new byte[] {'\n'});
        String first = text(stencil);
        for (int number = 1; number <= 12_345; number++) {
            stencil.next();
        }
        assertThat(text(stencil)).isEqualTo(first.replace("seq=0000000000", "seq=0000012345"));
    }
}
