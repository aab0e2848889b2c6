package io.skewer.store;

import io.skewer.store.recover.Quarantine;
import io.skewer.store.segment.Segment;
import io.skewer.store.segment.SegmentReader;
import io.skewer.store.segment.SegmentReader.SegmentBounds;
import io.skewer.store.segment.Segments;
import io.skewer.store.segment.StoreKeys;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads committed batches by their number: from memory when they were just appended, else from the files, where it stays open for the
 * next one. Used by one thread.
 */
final class LogReader {
    private static final Logger LOG = LoggerFactory.getLogger(LogReader.class);

    private final Tail tail;
    private final Segments segments;
    private final StoreKeys keys;
    private final Quarantine quarantine;
    private @Nullable SegmentReader reader;

    LogReader(Tail tail, Segments segments, StoreKeys keys, Quarantine quarantine) {
        this.tail = tail;
        this.segments = segments;
        this.keys = keys;
        this.quarantine = quarantine;
    }

    /**
     * @param end the number behind the last committed batch
     * @return the batch of that number, or the first one behind it that can be read; null when none up to the end can be
     * @throws IOException when a file cannot be opened now, although it is there
     */
    Tail.@Nullable Entry read(long number, long end) throws IOException {
        Tail.Entry recent = tail.find(number);
        if (recent != null) {
            close();
            return recent;
        }
        Optional<Segment> segment = segments.of(number);
        while (segment.isPresent() && segment.get().header().firstBatch() < end) {
            Tail.Entry found = readFile(segment.get(), number);
            if (found != null) {
                return found;
            }
            segment = segments.after(segment.get());
        }
        close();
        return null;
    }

    private Tail.@Nullable Entry readFile(Segment segment, long number) throws IOException {
        SegmentReader file = readerAt(segment, number);
        while (file != null && file.next()) {
            if (file.number() >= number) {
                Optional<byte[]> body = file.body();
                if (body.isPresent()) {
                    return new Tail.Entry(file.number(), file.firstRecord(), file.count(), body.get());
                }
            }
        }
        return null;
    }

    private @Nullable SegmentReader readerAt(Segment segment, long number) throws IOException {
        SegmentReader open = reader;
        if (open != null && open.segment() == segment && open.number() < number) {
            return open;
        }
        close();
        if (!segment.exists()) {
            LOG.atError()
                    .setMessage("store.segment_missing")
                    .addKeyValue("file", segment)
                    .log();
            return null;
        }
        reader = SegmentReader.open(segment, new SegmentBounds(keys, segments.numberEnd(segment), quarantine));
        return reader;
    }

    void close() {
        if (reader != null) {
            try {
                reader.close();
            } catch (IOException harmless) {
                LOG.atDebug()
                        .setMessage("store.close_failed")
                        .setCause(harmless)
                        .log();
            }
            reader = null;
        }
    }
}
