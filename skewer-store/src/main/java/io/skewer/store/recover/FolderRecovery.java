package io.skewer.store.recover;

import io.skewer.store.disk.Disk;
import io.skewer.store.disk.DiskFile;
import io.skewer.store.segment.OpenSegment;
import io.skewer.store.segment.Segment;
import io.skewer.store.segment.SegmentEnd;
import io.skewer.store.segment.SegmentHeader;
import io.skewer.store.segment.SegmentWriter;
import io.skewer.store.segment.SpareSegment;
import io.skewer.store.segment.StoreKeys;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings the segments of one folder in order: looks at every header, scans only what was being written, closes it, and sets aside what
 * does not belong. {@link #look} touches nothing; {@link #repair} does.
 */
final class FolderRecovery {
    private static final Logger LOG = LoggerFactory.getLogger(FolderRecovery.class);

    private final Disk disk;
    private final String folder;
    private final StoreKeys keys;
    private final Quarantine quarantine;
    private final List<Segment> sound = new ArrayList<>();
    private final List<String> damaged = new ArrayList<>();
    private long nextSegment = 1;
    private long nextBatch = 1;
    private long nextRecord;
    private int deleteFailures;

    FolderRecovery(Disk disk, String folder, StoreKeys keys, Quarantine quarantine) {
        this.disk = disk;
        this.folder = folder;
        this.keys = keys;
        this.quarantine = quarantine;
    }

    /** @throws WrongSecretException when a segment was written with another secret */
    FolderRecovery look() throws IOException {
        for (String name : disk.list(folder)) {
            if (!Segment.isName(name)) {
                continue;
            }
            nextSegment = Math.max(nextSegment, Long.parseLong(name.substring(0, name.indexOf('.'))) + 1);
            switch (Segment.look(disk, folder, name, keys)) {
                case Segment.Look.Sound(Segment segment) -> sound.add(segment);
                case Segment.Look.Damaged ignored -> damaged.add(name);
                case Segment.Look.OtherSecret(long keyId) ->
                    throw new WrongSecretException(Segment.path(folder, name), keyId, keys.keyId());
            }
        }
        return this;
    }

    /** The name of the store that wrote the newest segment. */
    Optional<UUID> store() {
        return sound.isEmpty()
                ? Optional.empty()
                : Optional.of(sound.getLast().header().store());
    }

    boolean isEmpty() {
        return sound.isEmpty() && damaged.isEmpty();
    }

    /**
     * What {@link #repair} would have to set aside, in words; touches nothing. What a crash leaves behind is not among it: the end of a
     * segment that was being written.
     */
    List<String> findings(UUID store, SegmentHeader.Kind kind) throws IOException {
        List<String> findings = new ArrayList<>();
        for (String name : damaged) {
            String path = Segment.path(folder, name);
            if (!name.endsWith(Segment.OPEN) || !isTornHeader(path)) {
                findings.add(path + ": the header is damaged, the file would be set aside");
            }
        }
        for (Segment segment : sound) {
            SegmentHeader header = segment.header();
            if (!header.store().equals(store) || header.kind() != kind) {
                findings.add(segment.path() + ": it belongs to another store and would be set aside");
            } else if (segment.isSealed() && segment.end(keys).isEmpty()) {
                findings.add(
                        segment.path() + ": its end is damaged or cut off; the batches that are sound would be kept");
            }
        }
        return findings;
    }

    /** Finishes a deletion that a crash may have interrupted. What does not go now stays a segment, which goes with the next state. */
    void deletePassed(UUID store, long firstNeeded) {
        for (Segment segment : List.copyOf(sound)) {
            if (segment.id() < firstNeeded && segment.header().store().equals(store) && delete(segment.path())) {
                sound.remove(segment);
            }
        }
    }

    /** A file that nobody needs and that does not go is no reason not to start. @return whether it went */
    private boolean delete(String path) {
        try {
            disk.delete(path);
            return true;
        } catch (IOException cause) {
            deleteFailures++;
            LOG.atError()
                    .setMessage("store.segment_not_deleted")
                    .addKeyValue("file", path)
                    .setCause(cause)
                    .log();
            return false;
        }
    }

    /** Makes all segments sealed ones of this store and kind, in rising order. */
    FolderRecovery repair(UUID store, SegmentHeader.Kind kind) throws IOException {
        delete(Segment.path(folder, SpareSegment.NAME));
        for (String name : damaged) {
            removeDamaged(name);
        }
        setAsideForeign(store, kind);
        for (int i = sound.size() - 1; i >= 0; i--) {
            if (!sound.get(i).isSealed()) {
                long numberEnd =
                        i + 1 < sound.size() ? sound.get(i + 1).header().firstBatch() : Long.MAX_VALUE;
                if (!close(sound.get(i), numberEnd)) {
                    sound.remove(i);
                }
            }
        }
        findNext();
        return this;
    }

    private void removeDamaged(String name) throws IOException {
        String path = Segment.path(folder, name);
        if (name.endsWith(Segment.OPEN) && isTornHeader(path)) {
            if (delete(path)) {
                LOG.atInfo()
                        .setMessage("store.torn_segment_deleted")
                        .addKeyValue("file", path)
                        .log();
            }
        } else {
            quarantine.moveAside(path, "the header is damaged");
        }
    }

    private void setAsideForeign(UUID store, SegmentHeader.Kind kind) throws IOException {
        long last = 0;
        for (Segment segment : List.copyOf(sound)) {
            SegmentHeader header = segment.header();
            boolean retried = !segment.isSealed();
            if (!header.store().equals(store) || header.kind() != kind) {
                sound.remove(segment);
                quarantine.moveAside(segment.path(), "it belongs to another store");
            } else if (header.firstBatch() <= last && !retried && !isOpen(last)) {
                sound.remove(segment);
                quarantine.moveAside(segment.path(), "its batches belong to the segment before");
            }
            last = Math.max(last, header.firstBatch());
        }
    }

    /** Whether the segment with that first batch was abandoned: then the one behind may begin with the same batch. */
    private boolean isOpen(long firstBatch) {
        return sound.stream().anyMatch(segment -> segment.header().firstBatch() == firstBatch && !segment.isSealed());
    }

    /** @return false when there was no batch in it, and nobody needs it */
    private boolean close(Segment segment, long numberEnd) throws IOException {
        OpenSegment open = new OpenSegment(disk, segment, keys).scan(numberEnd);
        long tornBytes = tornBytes(disk, segment.path(), open.dataBytes());
        if (tornBytes > SegmentWriter.MAX_BODY_BYTES) {
            quarantine.damaged(
                    segment,
                    open.dataBytes(),
                    open.dataBytes() + tornBytes,
                    "more than a torn batch behind the last one");
        }
        LOG.atInfo()
                .setMessage("store.segment_recovered")
                .addKeyValue("file", segment.path())
                .addKeyValue("bytes", open.dataBytes())
                .addKeyValue("torn_bytes", tornBytes)
                .log();
        if (open.isEmpty()) {
            delete(segment.path());
            return false;
        }
        open.seal(folder);
        return true;
    }

    /** Whether there is no more than a header that was cut off. */
    private boolean isTornHeader(String path) throws IOException {
        return tornBytes(disk, path, 0) <= SegmentHeader.BYTES;
    }

    /** How many bytes of a write that was cut off stand behind {@code from}. The zeros at the end are none: room taken in advance. */
    static long tornBytes(Disk disk, String path, long from) throws IOException {
        try (DiskFile file = disk.openToRead(path)) {
            long size = file.size();
            long end = from;
            byte[] bytes = new byte[64 * 1024];
            for (long at = from; at < size; at += bytes.length) {
                end = at + endOfContent(file, bytes, at, end - at);
            }
            return end - from;
        }
    }

    /** Behind the last byte that is not zero, else {@code none}; what the disk does not give may be anything. */
    private static long endOfContent(DiskFile file, byte[] bytes, long at, long none) throws IOException {
        int count;
        try {
            count = file.read(bytes, 0, bytes.length, at);
        } catch (IOException unreadable) {
            return Math.min(bytes.length, file.size() - at);
        }
        while (count > 0 && bytes[count - 1] == 0) {
            count--;
        }
        return count > 0 ? count : none;
    }

    private void findNext() throws IOException {
        if (sound.isEmpty()) {
            return;
        }
        Segment last = sound.getLast();
        Optional<SegmentEnd> end = last.end(keys);
        if (end.isPresent()) {
            nextBatch = end.get().nextBatch();
            nextRecord = end.get().nextRecord();
        } else {
            OpenSegment scanned = new OpenSegment(disk, last, keys).scan(Long.MAX_VALUE);
            nextBatch = scanned.nextBatch();
            nextRecord = scanned.nextRecord();
        }
    }

    /** How often a file did not go. */
    int deleteFailures() {
        return deleteFailures;
    }

    List<Segment> segments() {
        return sound;
    }

    long nextSegment() {
        return nextSegment;
    }

    long nextBatch() {
        return nextBatch;
    }

    long nextRecord() {
        return nextRecord;
    }
}
