package io.skewer.sinks.stderr;

import static org.assertj.core.api.Assertions.assertThat;

import io.skewer.core.encode.Encoders;
import io.skewer.core.measure.Measures;
import io.skewer.sinks.Batches;
import io.skewer.sinks.Delivery;
import io.skewer.sinks.Failure;
import io.skewer.sinks.Settled;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class StreamSinkTest {
    private final Settled settled = new Settled();
    private final Batches batches = new Batches();

    /** Refuses the first flushes. */
    private static final class Stubborn extends ByteArrayOutputStream {
        private int refusals;

        Stubborn(int refusals) {
            this.refusals = refusals;
        }

        @Override
        public void flush() throws IOException {
            if (refusals-- > 0) {
                reset();
                throw new IOException("no");
            }
        }
    }

    @Test
    void eachMessageIsALineAndTheBatchSettlesAfterTheFlush() throws Exception {
        Stubborn stream = new Stubborn(2);
        StreamSink sink = new StreamSink(stream, Encoders.ofLines("file", false), settled, new Measures());
        sink.send(batches.add("a", "one\ntwo").add("b", "\u001b[2J").take());
        assertThat(stream.toString(StandardCharsets.UTF_8))
                .isEqualTo(
                        "2018-06-10T10:00:00.123456789Z host a one#012two\n2018-06-10T10:00:00.123456789Z host b #033[2J\n");
        assertThat(settled.calls()).containsExactly("0:0-2");
    }

    @Test
    void recordsThatAreSettledAreNotWrittenAgain() throws Exception {
        Stubborn stream = new Stubborn(0);
        StreamSink sink = new StreamSink(stream, Encoders.ofLines("file", false), settled, new Measures());
        byte[] batch = batches.add("a", "one").add("b", "two").take().batch();
        sink.send(new Delivery(3, 1, batch));
        assertThat(stream.toString(StandardCharsets.UTF_8))
                .endsWith("host b two\n")
                .doesNotContain("one");
        assertThat(settled.calls()).containsExactly("3:1-2");
    }

    @Test
    void theRestOfADamagedBatchFailsAndWhatStandsBeforeItIsWritten() throws Exception {
        Stubborn stream = new Stubborn(0);
        StreamSink sink = new StreamSink(stream, Encoders.ofLines("file", false), settled, new Measures());
        sink.send(batches.add("a", "one").add("b", "two").add("c", "three").takeDamagedFrom(1));
        assertThat(stream.toString(StandardCharsets.UTF_8)).endsWith("host a one\n");
        assertThat(settled.calls()).containsExactly("0:0-1");
        assertThat(settled.reason(0, 1)).isEqualTo(Failure.Reason.ENCODING);
        assertThat(settled.reason(0, 2)).isEqualTo(Failure.Reason.ENCODING);
    }
}
