package io.skewer.store.tool;

import io.skewer.store.deadletter.LetterLog;
import io.skewer.store.disk.Disk;
import io.skewer.store.disk.DiskFile;
import io.skewer.store.frontier.Position;
import io.skewer.store.frontier.StateFile;
import io.skewer.store.frontier.StoreState;
import io.skewer.store.recover.WrongSecretException;
import io.skewer.store.segment.DamageListener;
import io.skewer.store.segment.Segment;
import io.skewer.store.segment.SegmentEnd;
import io.skewer.store.segment.SegmentHeader;
import io.skewer.store.segment.SegmentReader;
import io.skewer.store.segment.StoreKeys;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A store's files, for looking only. Needs no lock: segments only grow, a slot of the state is written while the other one stands, and a
 * segment that goes meanwhile was needed by nobody. Used by one thread.
 */
public final class StoreFiles {
    private static final DamageListener SILENT = (where, from, to, why) -> {};

    private final Disk disk;
    private final StoreKeys keys;

    public StoreFiles(Disk disk, StoreKeys keys) {
        this.disk = disk;
        this.keys = keys;
    }

    /** What one can know of a file without reading it whole. */
    public record SegmentFile(
            String file, Condition condition, long bytes, Optional<SegmentHeader> header, Optional<SegmentEnd> end) {}

    /** How a segment stands. */
    public enum Condition {
        SEALED,
        OPEN,
        /** Sealed, but its end cannot be read. */
        CUT,
        DAMAGED,
        OTHER_SECRET
    }

    /**
     * What waits for a destination.
     *
     * @param messages not settled
     */
    public record Queue(String destination, Position frontier, long batches, long messages) {}

    /** Takes batches. */
    @FunctionalInterface
    public interface Batches {
        /** @return whether to go on */
        boolean batch(long number, long firstRecord, int count, byte[] batch) throws IOException;
    }

    /** All files of the log and of the dead letters, in order. */
    public List<SegmentFile> list() throws IOException {
        List<SegmentFile> files = new ArrayList<>();
        for (String folder : new String[] {"", LetterLog.FOLDER}) {
            for (String name : disk.list(folder)) {
                if (Segment.isName(name)) {
                    look(folder, name).ifPresent(files::add);
                }
            }
        }
        return files;
    }

    private Optional<SegmentFile> look(String folder, String name) throws IOException {
        String path = Segment.path(folder, name);
        try {
            return Optional.of(
                    switch (Segment.look(disk, folder, name, keys)) {
                        case Segment.Look.Sound(Segment segment) -> {
                            Optional<SegmentEnd> end = segment.isSealed() ? segment.end(keys) : Optional.empty();
                            Condition condition = end.isPresent()
                                    ? Condition.SEALED
                                    : segment.isSealed() ? Condition.CUT : Condition.OPEN;
                            yield new SegmentFile(
                                    path, condition, segment.committedBytes(), Optional.of(segment.header()), end);
                        }
                        case Segment.Look.OtherSecret(long ignored) ->
                            new SegmentFile(path, Condition.OTHER_SECRET, size(path), header(path), Optional.empty());
                        case Segment.Look.Damaged(long bytes) ->
                            new SegmentFile(path, Condition.DAMAGED, bytes, Optional.empty(), Optional.empty());
                    });
        } catch (FileNotFoundException | NoSuchFileException gone) {
            return Optional.empty();
        }
    }

    private long size(String path) throws IOException {
        try (DiskFile file = disk.openToRead(path)) {
            return file.size();
        }
    }

    private Optional<SegmentHeader> header(String path) throws IOException {
        byte[] head = new byte[SegmentHeader.BYTES];
        try (DiskFile file = disk.openToRead(path)) {
            return file.read(head, 0, head.length, 0) < head.length ? Optional.empty() : SegmentHeader.read(head, 0);
        }
    }

    /** @throws WrongSecretException when there is a file that none of the secrets opens: what is not seen would look as if it were not there */
    public void requireReadable() throws IOException {
        if (state() instanceof StateFile.Reading.OtherSecret(long keyId)) {
            throw new WrongSecretException(StateFile.NAME, keyId, keys.keyId());
        }
        for (SegmentFile file : list()) {
            if (file.condition() == Condition.OTHER_SECRET && file.header().isPresent()) {
                throw new WrongSecretException(file.file(), file.header().get().keyId(), keys.keyId());
            }
        }
    }

    public StateFile.Reading state() throws IOException {
        return StateFile.read(disk, keys);
    }

    /** What waits for whom, as far as it is written down: of a running store up to a fifth of a second old. */
    public List<Queue> queues() throws IOException {
        List<Queue> queues = new ArrayList<>();
        if (state() instanceof StateFile.Reading.Found(StoreState state)) {
            Position end = end(state);
            for (Map.Entry<String, Position> entry : state.frontiers().entrySet()) {
                Position at = entry.getValue();
                queues.add(new Queue(
                        entry.getKey(),
                        at,
                        Math.max(0, end.batch() - at.batch()),
                        Math.max(0, end.recordNumber() - at.recordNumber())));
            }
        }
        return queues;
    }

    /** Where the next batch goes. */
    public Position end(StoreState state) throws IOException {
        Position[] end = {state.next()};
        List<Segment> segments = segments("");
        if (!segments.isEmpty()) {
            Segment last = segments.getLast();
            Optional<SegmentEnd> sealed = last.isSealed() ? last.end(keys) : Optional.empty();
            if (sealed.isPresent()) {
                end[0] = new Position(sealed.get().nextBatch(), 0, sealed.get().nextRecord());
            } else {
                read(last, Long.MAX_VALUE, SILENT, reader -> {
                    end[0] = new Position(reader.number() + 1, 0, reader.firstRecord() + reader.count());
                    return true;
                });
            }
        }
        return end[0].batch() >= state.next().batch() ? end[0] : state.next();
    }

    /** The segments of a folder whose header is sound. */
    List<Segment> segments(String folder) throws IOException {
        List<Segment> segments = new ArrayList<>();
        for (String name : disk.list(folder)) {
            if (Segment.isName(name)) {
                try {
                    if (Segment.look(disk, folder, name, keys) instanceof Segment.Look.Sound(Segment segment)) {
                        segments.add(segment);
                    }
                } catch (FileNotFoundException | NoSuchFileException gone) {
                    // Renamed or deleted since the folder was listed: what is needed of it comes under its other name.
                    if (name.endsWith(Segment.OPEN)) {
                        lookSealed(folder, name).ifPresent(segments::add);
                    }
                }
            }
        }
        return segments;
    }

    private Optional<Segment> lookSealed(String folder, String openName) throws IOException {
        String name = openName.replace(Segment.OPEN, Segment.SEALED);
        boolean there = disk.exists(Segment.path(folder, name));
        return there && Segment.look(disk, folder, name, keys) instanceof Segment.Look.Sound(Segment segment)
                ? Optional.of(segment)
                : Optional.empty();
    }

    /** Takes frames. */
    @FunctionalInterface
    interface Frames {
        /** @return whether to go on */
        boolean frame(SegmentReader reader) throws IOException;
    }

    /** @return false when the frames were told to end */
    boolean read(Segment segment, long numberEnd, DamageListener damage, Frames frames) throws IOException {
        var bounds = new SegmentReader.SegmentBounds(keys, numberEnd, damage);
        try (SegmentReader reader = SegmentReader.open(segment, bounds)) {
            while (reader.next()) {
                if (!frames.frame(reader)) {
                    return false;
                }
            }
            return true;
        }
    }

    /** Reads the batches of the log from a number on, in order, without those that are damaged. */
    public void read(long from, Batches batches) throws IOException {
        List<Segment> segments = segments("");
        for (int i = 0; i < segments.size(); i++) {
            long end = i + 1 < segments.size() ? segments.get(i + 1).header().firstBatch() : Long.MAX_VALUE;
            if (end > from && !read(segments.get(i), end, SILENT, reader -> take(reader, from, batches))) {
                return;
            }
        }
    }

    private static boolean take(SegmentReader reader, long from, Batches batches) throws IOException {
        Optional<byte[]> body = reader.number() < from ? Optional.empty() : reader.body();
        return body.isEmpty() || batches.batch(reader.number(), reader.firstRecord(), reader.count(), body.get());
    }
}
