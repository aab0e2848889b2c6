package io.skewer.core.encode;

import io.skewer.core.message.ByteBuilder;
import io.skewer.core.message.Field;
import io.skewer.core.message.RecordView;

/** Measures one core encoding a 256-byte message as JSON. Run its main method by hand. */
final class JsonSpeed {
    private static final int RECORDS = 2_000_000;
    private static final int ROUNDS = 5;

    private JsonSpeed() {}

    public static void main(String[] arguments) {
        RecordView record = new Sample()
                .with(Field.MESSAGE, "connection from 10.0.0.1 closed; ".repeat(6))
                .record();
        Encoder encoder = Encoders.of("json", false);
        ByteBuilder out = new ByteBuilder(4096);
        for (int round = 0; round < ROUNDS; round++) {
            long start = System.nanoTime();
            for (int i = 0; i < RECORDS; i++) {
                out.clear();
                encoder.encode(record, out);
            }
            double seconds = (System.nanoTime() - start) / 1e9;
            System.out.printf("%,d records/s of %d bytes%n", (long) (RECORDS / seconds), out.length());
        }
    }
}
