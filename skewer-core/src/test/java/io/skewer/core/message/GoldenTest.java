package io.skewer.core.message;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/**
 * The form of records and batches, byte for byte. Stores hold batches of earlier versions: when this test fails, the format has
 * changed, and needs a new number and a reader for the old one, not a new golden file.
 */
class GoldenTest {
    private static final int ID_AT = Batch.HEADER_BYTES + RecordLayout.ID;

    @Test
    void theRecordsOfABatchHaveTheirForm() throws IOException {
        BatchBuilder builder = new BatchBuilder(new MessageId(() -> 1_700_000_000_123L));
        write(builder);
        RecordView record = builder.look();
        byte[] bytes = new byte[Batch.HEADER_BYTES + record.length()];
        new Batch(1, record.length(), record.length(), Batch.CODEC_NONE, record.receivedNs()).write(bytes, 0);
        System.arraycopy(record.array(), record.offset(), bytes, Batch.HEADER_BYTES, record.length());
        // All but the 48 bits of milliseconds is random.
        Arrays.fill(bytes, ID_AT + 6, ID_AT + MessageId.BYTES, (byte) 0);
        assertThat(HexFormat.of().formatHex(bytes)).isEqualTo(golden("batch-plain.hex"));
    }

    @Test
    void theHeadOfACompressedBatchHasItsForm() throws IOException {
        BatchBuilder builder = new BatchBuilder(new MessageId(() -> 1_700_000_000_123L));
        for (int i = 0; i < 100; i++) {
            write(builder);
            builder.end();
        }
        int recordsBytes = builder.recordsBytes();
        byte[] bytes = builder.seal().bytes();
        assertThat(recordsBytes).isGreaterThan(bytes.length);
        byte[] head = Arrays.copyOf(bytes, Batch.HEADER_BYTES);
        assertThat((int) RecordLayout.INT.get(head, 12)).isEqualTo(bytes.length - Batch.HEADER_BYTES);
        // How well it compresses is the library's matter.
        Arrays.fill(head, 12, 16, (byte) 0);
        assertThat(HexFormat.of().formatHex(head)).isEqualTo(golden("batch-compressed-head.hex"));
    }

    @Test
    void theGoldenBatchIsRead() throws IOException {
        byte[] bytes = HexFormat.of().parseHex(golden("batch-plain.hex"));
        BatchReader reader = new BatchReader();
        assertThat(reader.open(bytes, 0, bytes.length))
                .isEqualTo(new Batch(
                        1, bytes.length - 32, bytes.length - 32, Batch.CODEC_NONE, 1_700_000_000_123_456_789L));
        assertThat(reader.next()).isTrue();
        RecordView record = reader.record();
        assertThat(record.priority()).isEqualTo(165);
        assertThat(record.syslogVersion()).isEqualTo(999);
        assertThat(record.parseStatus()).isEqualTo(ParseStatus.REPAIRED);
        assertThat(record.reportedNs()).isEqualTo(1_065_910_455_003_000_000L);
        assertThat(record.partition()).isEqualTo(5);
        assertThat(record.origin()).isEqualTo(new Origin("tcp", "2001:db8::1", 1514, "/p"));
        for (Field field : new Field[] {
            Field.HOST, Field.APP, Field.PROCID, Field.MSGID, Field.MESSAGE, Field.RAW, Field.TOPIC, Field.KEY
        }) {
            assertThat(record.text(field)).isEqualTo("<" + field + ">");
        }
        StructuredData.Walker walker = new StructuredData.Walker().start(record);
        assertThat(walker.nextElement()).isTrue();
        assertThat(walker.nextParameter()).isTrue();
        assertThat(walker.valueLength()).isEqualTo(3);
        assertThat(reader.next()).isFalse();
    }

    private static void write(BatchBuilder builder) {
        byte[] origin = new Origin("tcp", "2001:db8::1", 1514, "/p").toBytes();
        RecordWriter record = builder.begin(origin, 1_700_000_000_123_456_789L);
        record.priority(20, 5);
        record.syslogVersion(999);
        record.parseStatus(ParseStatus.REPAIRED);
        record.reportedNs(1_065_910_455_003_000_000L);
        record.partition(5);
        put(record, Field.HOST, Field.APP, Field.PROCID, Field.MSGID);
        StructuredData.Writer properties = new StructuredData.Writer().start(record.open(Field.STRUCTURED_DATA));
        properties.beginElement("x@1".getBytes(StandardCharsets.US_ASCII), 0, 3);
        properties.beginParameter("iut".getBytes(StandardCharsets.US_ASCII), 0, 3);
        properties.value().add("\"3]");
        properties.endParameter();
        record.close(Field.STRUCTURED_DATA);
        put(record, Field.MESSAGE, Field.RAW, Field.TOPIC, Field.KEY);
    }

    private static void put(RecordWriter record, Field... fields) {
        for (Field field : fields) {
            byte[] value = ("<" + field + ">").getBytes(StandardCharsets.US_ASCII);
            record.put(field, value, 0, value.length);
        }
    }

    private static String golden(String name) throws IOException {
        try (var in = Objects.requireNonNull(GoldenTest.class.getResourceAsStream("/message/" + name), name)) {
            return new String(in.readAllBytes(), StandardCharsets.US_ASCII).strip();
        }
    }
}
