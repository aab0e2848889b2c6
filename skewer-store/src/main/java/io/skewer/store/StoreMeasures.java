package io.skewer.store;

import io.skewer.core.measure.Counter;
import io.skewer.core.measure.Histogram;
import io.skewer.core.measure.Measures;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The counters of the store, under their public names. Safe for use by several threads. */
final class StoreMeasures {
    final Counter storedBytes;
    final Counter commits;
    final Counter commitBatches;
    final Counter commitNs;
    final Counter syncNs;
    final Counter writeFailures;
    final Counter deleteFailures;
    final Histogram groupBatches;
    final Histogram syncSeconds;
    private static final String DROPPED = "skewer_store_dropped_messages_total";
    private static final String DROPPED_HELP =
            "Messages that the store dropped for want of room, as its policy demands";

    private final Measures measures;
    /** Looked up for every batch. */
    private final Map<String, Counter> stored = new ConcurrentHashMap<>();

    private final List<String> reasons;

    StoreMeasures(Measures measures, List<String> reasons) {
        this.measures = measures;
        this.reasons = reasons;
        storedBytes = measures.counter("skewer_stored_bytes_total", "Bytes of batches that the store has kept");
        commits = measures.counter("skewer_store_commits_total", "Group commits");
        commitBatches = measures.counter("skewer_store_commit_batches_total", "Batches in group commits");
        commitNs = measures.counter("skewer_store_commit_nanoseconds_total", "Time spent in group commits");
        syncNs = measures.counter("skewer_store_sync_nanoseconds_total", "Time of that waiting for the disk");
        writeFailures = measures.counter("skewer_store_write_failures_total", "Failed writes and syncs of the log");
        deleteFailures = measures.counter(
                "skewer_store_delete_failures_total",
                "Files of the log that nobody needs and that could not be deleted");
        groupBatches = Histogram.of(
                measures,
                "skewer_store_group_batches",
                "Batches in one group commit",
                1,
                2,
                4,
                8,
                16,
                32,
                64,
                128,
                256);
        syncSeconds = Histogram.of(
                measures,
                "skewer_store_sync_seconds",
                "Time of one wait for the disk",
                0.0005,
                0.001,
                0.002,
                0.005,
                0.01,
                0.02,
                0.05,
                0.1,
                0.5,
                1,
                5);
    }

    /** @param source who brought them */
    Counter stored(String source) {
        return stored.computeIfAbsent(
                source,
                ignored -> measures.counter(
                        "skewer_stored_messages_total", "Messages that the store has kept", "source", source));
    }

    /** What was thrown away before it was kept. */
    Counter droppedNewest(String source) {
        return measures.counter(DROPPED, DROPPED_HELP, "reason", "store_full_newest", "source", source);
    }

    Counter delivered(String destination) {
        return measures.counter(
                "skewer_delivered_messages_total", "Messages that a destination has taken", "destination", destination);
    }

    Counter replayed(String destination) {
        return measures.counter(
                "skewer_replayed_messages_total",
                "Dead letters that were delivered after all",
                "destination",
                destination);
    }

    /** What a destination will not get because its segment had to go. */
    Counter droppedOldest(String destination) {
        return measures.counter(DROPPED, DROPPED_HELP, "reason", "store_full_oldest", "destination", destination);
    }

    Counter lost(String destination) {
        return measures.counter(
                "skewer_lost_messages_total",
                "Stored messages that could not be read any more",
                "destination",
                destination);
    }

    Counter failed(String destination, int reasonCode) {
        String reason = reasonCode >= 0 && reasonCode < reasons.size() ? reasons.get(reasonCode) : "other";
        return measures.counter(
                "skewer_failed_messages_total",
                "Messages that a destination refused for good",
                "destination",
                destination,
                "reason",
                reason);
    }

    Measures all() {
        return measures;
    }
}
