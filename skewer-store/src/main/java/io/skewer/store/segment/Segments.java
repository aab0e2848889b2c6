package io.skewer.store.segment;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;

/** The segments of the log in their order, by the number of their first batch. Safe for use by several threads. */
public final class Segments {
    private final ConcurrentSkipListMap<Long, Segment> byFirstBatch = new ConcurrentSkipListMap<>();

    public Segments(Collection<Segment> segments) {
        segments.forEach(this::add);
    }

    public void add(Segment segment) {
        byFirstBatch.put(segment.header().firstBatch(), segment);
    }

    public void remove(Segment segment) {
        byFirstBatch.remove(segment.header().firstBatch(), segment);
    }

    /** The segment in which a batch of that number stands, if it stands anywhere: else the first one behind. */
    public Optional<Segment> of(long batch) {
        var found = byFirstBatch.floorEntry(batch);
        return Optional.ofNullable(found != null ? found : byFirstBatch.higherEntry(batch))
                .map(entry -> entry.getValue());
    }

    /** The segment after one. */
    public Optional<Segment> after(Segment segment) {
        return Optional.ofNullable(byFirstBatch.higherEntry(segment.header().firstBatch()))
                .map(entry -> entry.getValue());
    }

    /** The number from which on batches do not belong to this segment any more. */
    public long numberEnd(Segment segment) {
        return after(segment).map(next -> next.header().firstBatch()).orElse(Long.MAX_VALUE);
    }

    /**
     * The segments of which nobody needs a batch any more.
     *
     * @param needed the lowest number that somebody still needs
     * @param next the number of the next batch of the log
     */
    public List<Segment> passed(long needed, long next) {
        List<Segment> passed = new ArrayList<>();
        for (Segment segment : byFirstBatch.values()) {
            long end =
                    after(segment).map(behind -> behind.header().firstBatch()).orElse(next);
            if (segment.isWritten() || end > needed) {
                break;
            }
            passed.add(segment);
        }
        return passed;
    }

    public List<Segment> all() {
        return List.copyOf(byFirstBatch.values());
    }

    public int count() {
        return byFirstBatch.size();
    }

    public long bytes() {
        long sum = 0;
        for (Segment segment : byFirstBatch.values()) {
            sum += segment.takenBytes();
        }
        return sum;
    }
}
