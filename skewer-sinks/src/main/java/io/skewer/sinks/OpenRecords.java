package io.skewer.sinks;

import io.skewer.core.message.BatchReader;
import io.skewer.core.message.RecordView;
import org.jspecify.annotations.Nullable;

/**
 * Walks over the records of a shipment that still have to be delivered.
 *
 * <p>A batch comes from a listener, which reads what strangers send, and nobody has opened it on the way. Where it turns out to be
 * damaged, the rest of it fails, as nobody can tell where the next record starts: a forwarder that threw would meet the same batch again
 * after its next start, for ever. Reused shipment after shipment; used by one thread.
 */
public final class OpenRecords {
    private final Tally tally;
    private final BatchReader reader = new BatchReader();
    private @Nullable Shipment shipment;

    public OpenRecords(Tally tally) {
        this.tally = tally;
    }

    /** Moves before the first record. */
    public void open(Shipment next) {
        byte[] batch = next.delivery().batch();
        shipment = next;
        try {
            reader.open(batch, 0, batch.length);
        } catch (IllegalArgumentException damaged) {
            failFrom(next, 0, damaged);
        }
    }

    /** Moves to the next open record. @return false when there is none */
    public boolean next() {
        Shipment current = shipment;
        while (current != null && advance(current)) {
            if (current.isOpen(reader.index())) {
                return true;
            }
        }
        return false;
    }

    private boolean advance(Shipment current) {
        try {
            return reader.next();
        } catch (IllegalArgumentException damaged) {
            failFrom(current, reader.index() + 1, damaged);
            return false;
        }
    }

    private void failFrom(Shipment current, int first, IllegalArgumentException damaged) {
        shipment = null;
        Failure failure = new Failure(Failure.Reason.ENCODING, "the batch is damaged: " + damaged.getMessage());
        for (int record = first; record < current.count(); record++) {
            if (current.isOpen(record)) {
                tally.failed(failure);
                current.failed(record, failure);
            }
        }
    }

    /** The record at which {@link #next()} stands. */
    public RecordView record() {
        return reader.record();
    }

    /** The place of that record in its batch, from 0. */
    public int index() {
        return reader.index();
    }
}
