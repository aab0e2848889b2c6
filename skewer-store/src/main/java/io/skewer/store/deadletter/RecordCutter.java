package io.skewer.store.deadletter;

import io.skewer.core.message.BatchReader;
import io.skewer.core.message.RecordView;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Cuts single records out of batches; failures of one batch come together, so it stays open. Used by one thread. */
final class RecordCutter {
    /** Where the batches come from. */
    @FunctionalInterface
    interface Batches {
        /** @return empty when the batch cannot be read any more */
        Optional<byte[]> batch(long number);
    }

    private final Batches batches;
    private final BatchReader reader = new BatchReader();
    private long number = -1;
    private byte @Nullable [] batch;

    RecordCutter(Batches batches) {
        this.batches = batches;
    }

    /** @return empty when there is no such record */
    Optional<byte[]> cut(long batchNumber, int index) {
        if (batchNumber != number) {
            batch = batches.batch(batchNumber).orElse(null);
            number = batchNumber;
            open();
        } else if (index <= reader.index()) {
            open();
        }
        if (batch == null) {
            return Optional.empty();
        }
        try {
            while (reader.next()) {
                if (reader.index() == index) {
                    RecordView record = reader.record();
                    return Optional.of(
                            Arrays.copyOfRange(record.array(), record.offset(), record.offset() + record.length()));
                }
            }
        } catch (IllegalArgumentException unsound) {
            batch = null;
        }
        number = -1;
        return Optional.empty();
    }

    private void open() {
        if (batch != null) {
            try {
                reader.open(batch, 0, batch.length);
            } catch (IllegalArgumentException unsound) {
                batch = null;
            }
        }
    }
}
