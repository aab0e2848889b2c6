package io.skewer.sinks;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * What has become of the records of one {@link Delivery}. Records may come to their end in any order and on several threads, each by one
 * thread at a time; the {@link Settler} hears of a whole batch at once, so that in the usual case one call settles it.
 */
public final class Shipment {
    private static final byte OPEN = 0;
    private static final byte DELIVERED = 1;
    /** The settler knows already: it failed, or was delivered before. */
    private static final byte SETTLED = 2;

    private final Delivery delivery;
    private final Settler settler;
    private final byte[] states;
    private final AtomicInteger open;

    /** @param count all records of the batch */
    public Shipment(Delivery delivery, int count, Settler settler) {
        this.delivery = delivery;
        this.settler = settler;
        states = new byte[count];
        int settled = Math.min(delivery.firstRecord(), count);
        for (int i = 0; i < settled; i++) {
            states[i] = SETTLED;
        }
        open = new AtomicInteger(count - settled);
    }

    public Delivery delivery() {
        return delivery;
    }

    public int count() {
        return states.length;
    }

    /** Whether this record still has to be delivered. */
    public boolean isOpen(int record) {
        return states[record] == OPEN;
    }

    /** Whether no record has to be delivered any more. */
    public boolean isComplete() {
        return open.get() == 0;
    }

    /** The destination has the records for good. Those that are settled already are passed over. */
    public void delivered(int from, int to) {
        int changed = 0;
        for (int i = from; i < to; i++) {
            if (states[i] == OPEN) {
                states[i] = DELIVERED;
                changed++;
            }
        }
        close(changed);
    }

    /** The destination will never take the record. */
    public void failed(int record, Failure failure) {
        if (states[record] == OPEN) {
            states[record] = SETTLED;
            settler.failed(delivery.number(), record, failure);
            close(1);
        }
    }

    private void close(int records) {
        if (records > 0 && open.addAndGet(-records) == 0) {
            settle();
        }
    }

    /** Settles what is delivered so far, also when the batch is not complete. Not to be called beside the other methods. */
    public void settle() {
        int at = 0;
        while (at < states.length) {
            if (states[at] != DELIVERED) {
                at++;
                continue;
            }
            int from = at;
            while (at < states.length && states[at] == DELIVERED) {
                states[at++] = SETTLED;
            }
            settler.delivered(delivery.number(), from, at);
        }
    }
}
