package io.skewer.sinks;

import io.skewer.core.message.Batch;
import java.util.HashMap;
import java.util.Map;

/**
 * How much of what may be on its way is kept there by messages that wait for another try: a batch gives its weight back only when its last message
 * has come to its end. When it is full, something has to be given up, or a few such messages in many batches would stop all others. Safe for use by
 * several threads.
 */
public final class HeldWeight {
    /** A quarter of what a forwarder is granted. Kafka's has two of them, topics on trial and messages that wait alone: together half. */
    public static final long MAX_BYTES = 4L * 1024 * 1024;

    /** A batch and how many of its messages wait. A shipment is equal only to itself. */
    private record Kept(int messages, int weightBytes) {}

    private final Map<Shipment, Kept> kept = new HashMap<>();
    private long bytes;

    /** One more message of a batch waits. */
    public void add(Shipment shipment) {
        synchronized (kept) {
            Kept before = kept.get(shipment);
            if (before == null) {
                byte[] batch = shipment.delivery().batch();
                int weightBytes = Batch.read(batch, 0, batch.length).weightBytes();
                bytes += weightBytes;
                kept.put(shipment, new Kept(1, weightBytes));
            } else {
                kept.put(shipment, new Kept(before.messages() + 1, before.weightBytes()));
            }
        }
    }

    /** One message of a batch waits no more. */
    public void remove(Shipment shipment) {
        synchronized (kept) {
            Kept before = kept.remove(shipment);
            if (before != null && before.messages() > 1) {
                kept.put(shipment, new Kept(before.messages() - 1, before.weightBytes()));
            } else if (before != null) {
                bytes -= before.weightBytes();
            }
        }
    }

    public void clear() {
        synchronized (kept) {
            kept.clear();
            bytes = 0;
        }
    }

    public boolean isFull() {
        synchronized (kept) {
            return bytes >= MAX_BYTES;
        }
    }
}
