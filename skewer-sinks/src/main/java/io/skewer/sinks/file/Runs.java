package io.skewer.sinks.file;

import io.skewer.sinks.Failure;
import io.skewer.sinks.HeldWeight;
import io.skewer.sinks.Shipment;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Which records stand in a buffer, as runs of neighbours in their batch. Reused without objects; used by one thread. */
final class Runs {
    private @Nullable Shipment[] shipments = new @Nullable Shipment[16];
    private int[] froms = new int[16];
    private int[] tos = new int[16];
    private int count;

    void add(Shipment shipment, int record) {
        add(shipment, record, record + 1);
    }

    private void add(Shipment shipment, int from, int to) {
        int last = count - 1;
        if (last >= 0 && shipments[last] == shipment && tos[last] == from) {
            tos[last] = to;
            return;
        }
        if (count == froms.length) {
            shipments = Arrays.copyOf(shipments, 2 * count);
            froms = Arrays.copyOf(froms, 2 * count);
            tos = Arrays.copyOf(tos, 2 * count);
        }
        shipments[count] = shipment;
        froms[count] = from;
        tos[count] = to;
        count++;
    }

    /** Puts all of these behind those of another one. */
    void moveTo(Runs other) {
        for (int i = 0; i < count; i++) {
            Shipment shipment = shipments[i];
            if (shipment != null) {
                other.add(shipment, froms[i], tos[i]);
            }
            shipments[i] = null;
        }
        count = 0;
    }

    /** None of these waits any more. */
    void leave(HeldWeight held) {
        for (int i = 0; i < count; i++) {
            Shipment shipment = shipments[i];
            for (int record = froms[i]; shipment != null && record < tos[i]; record++) {
                held.remove(shipment);
            }
        }
    }

    /** None of these will ever be in the file. @return how many */
    int fail(Failure failure) {
        int records = 0;
        for (int i = 0; i < count; i++) {
            Shipment shipment = shipments[i];
            if (shipment != null) {
                for (int record = froms[i]; record < tos[i]; record++) {
                    shipment.failed(record, failure);
                }
                records += tos[i] - froms[i];
            }
            shipments[i] = null;
        }
        count = 0;
        return records;
    }

    /** All of these are in the file for good. @return how many */
    int settle() {
        int records = 0;
        for (int i = 0; i < count; i++) {
            Shipment shipment = shipments[i];
            if (shipment != null) {
                shipment.delivered(froms[i], tos[i]);
                records += tos[i] - froms[i];
            }
            shipments[i] = null;
        }
        count = 0;
        return records;
    }
}
