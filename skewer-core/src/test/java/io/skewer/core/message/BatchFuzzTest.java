package io.skewer.core.message;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;

/** Any bytes where a batch, a record, properties or an origin are expected: read or refused with IllegalArgumentException. */
class BatchFuzzTest {
    @FuzzTest
    void batch(byte[] bytes) {
        assertThat(walk(bytes)).isGreaterThanOrEqualTo(-1);
    }

    /** The records as they would stand behind the head of a batch that is not compressed. */
    @FuzzTest
    void records(byte[] bytes) {
        byte[] batch = new byte[Batch.HEADER_BYTES + bytes.length];
        int count = Math.max(1, bytes.length / 120);
        new Batch(count, bytes.length, bytes.length, Batch.CODEC_NONE, 0).write(batch, 0);
        System.arraycopy(bytes, 0, batch, Batch.HEADER_BYTES, bytes.length);
        assertThat(walk(batch)).isGreaterThanOrEqualTo(-1);
    }

    @FuzzTest
    void structuredData(byte[] bytes) {
        assertThat(walkProperties(new StructuredData.Walker().start(bytes, 0, bytes.length)))
                .isGreaterThanOrEqualTo(-1);
    }

    @FuzzTest
    void origin(byte[] bytes) {
        try {
            Origin origin = Origin.of(bytes, 0, bytes.length);
            assertThat(origin.port()).isBetween(0, 0xFFFF);
        } catch (IllegalArgumentException refused) {
            assertThat(refused).hasMessageContaining("origin");
        }
    }

    /** @return how many records were read, -1 when the batch was refused */
    static int walk(byte[] bytes) {
        BatchReader reader = new BatchReader();
        int records = 0;
        try {
            reader.open(bytes, 0, bytes.length);
            while (reader.next()) {
                RecordView record = reader.record();
                assertThat(record.priority()).isBetween(0, 191);
                for (int i = 0; i < Field.count(); i++) {
                    record.text(Field.at(i));
                }
                walkProperties(new StructuredData.Walker().start(record));
                records++;
            }
        } catch (IllegalArgumentException refused) {
            return -1;
        }
        return records;
    }

    private static int walkProperties(StructuredData.Walker walker) {
        int parameters = 0;
        try {
            while (walker.nextElement()) {
                while (walker.nextParameter()) {
                    int sum = walker.valueLength();
                    for (int i = 0; i < walker.nameLength(); i++) {
                        sum += walker.array()[walker.nameOffset() + i];
                    }
                    parameters += sum == Integer.MIN_VALUE ? 0 : 1;
                }
            }
        } catch (IllegalArgumentException refused) {
            return -1;
        }
        return parameters;
    }
}
