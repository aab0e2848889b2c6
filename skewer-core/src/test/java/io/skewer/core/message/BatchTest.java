package io.skewer.core.message;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class BatchTest {
    private final BatchBuilder builder = new BatchBuilder(new MessageId(() -> 1_000));
    private final byte[] origin = new Origin("tcp", "::1", 1514, "").toBytes();

    @Test
    void whatWasWrittenIsRead() {
        for (int i = 0; i < 3; i++) {
            RecordWriter record = builder.begin(origin, 42 + i);
            record.priority(4, 2);
            byte[] text = ("message " + i).getBytes(StandardCharsets.UTF_8);
            record.put(Field.HOST, text, 0, 3);
            record.put(Field.MESSAGE, text, 0, text.length);
            builder.end();
        }
        SealedBatch sealed = builder.seal();
        BatchReader reader = new BatchReader();
        Batch batch = reader.open(sealed.bytes(), 0, sealed.bytes().length);
        assertThat(batch.count()).isEqualTo(3);
        assertThat(batch.firstReceivedNs()).isEqualTo(42);
        int seen = 0;
        while (reader.next()) {
            assertThat(reader.record().text(Field.MESSAGE)).isEqualTo("message " + seen);
            assertThat(reader.record().text(Field.HOST)).isEqualTo("mes");
            assertThat(reader.record().origin()).isEqualTo(new Origin("tcp", "::1", 1514, ""));
            assertThat(reader.record().receivedNs()).isEqualTo(42 + seen);
            assertThat(reader.record().hasReportedTime()).isFalse();
            seen++;
        }
        assertThat(seen).isEqualTo(3);
        assertThat(builder.isEmpty()).isTrue();
    }
}
