package io.skewer.store.deadletter;

import io.skewer.store.disk.Disk;
import io.skewer.store.segment.DamageListener;
import io.skewer.store.segment.Segment;
import io.skewer.store.segment.SegmentReader;
import io.skewer.store.segment.StoreKeys;
import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;

/**
 * Reads the segments of dead letters, also while the store writes them: it needs no lock, since segments only grow, and what is being
 * written is not sound yet. Safe for use by several threads.
 */
public final class LetterLog {
    public static final String FOLDER = "deadletters";

    private final Disk disk;
    private final StoreKeys keys;
    private final DamageListener damage;

    public LetterLog(Disk disk, StoreKeys keys, DamageListener damage) {
        this.disk = disk;
        this.keys = keys;
        this.damage = damage;
    }

    /** Takes what is read, in the order of writing. */
    public interface Visitor {
        void letter(long number, DeadLetter letter) throws IOException;

        void gone(Gone gone) throws IOException;
    }

    /** Reads everything from a number on; letters that are gone meanwhile are among it. */
    public void read(long from, Visitor visitor) throws IOException {
        List<Segment> segments = segments();
        for (int i = 0; i < segments.size(); i++) {
            long end = i + 1 < segments.size() ? segments.get(i + 1).header().firstBatch() : Long.MAX_VALUE;
            if (end > from) {
                read(segments.get(i), from, end, visitor);
            }
        }
    }

    private void read(Segment segment, long from, long end, Visitor visitor) throws IOException {
        DamageListener told = segment.isSealed() ? damage : (where, first, last, why) -> {};
        try (SegmentReader reader = SegmentReader.open(segment, new SegmentReader.SegmentBounds(keys, end, told))) {
            while (reader.next()) {
                Optional<byte[]> body = reader.number() < from ? Optional.empty() : reader.body();
                if (body.isPresent()) {
                    Optional<Gone> gone = Gone.read(body.get());
                    Optional<DeadLetter> letter = DeadLetter.read(body.get());
                    if (gone.isPresent()) {
                        visitor.gone(gone.get());
                    } else if (letter.isPresent()) {
                        visitor.letter(reader.number(), letter.get());
                    }
                }
            }
        }
    }

    /** The segments that can be read, in their order. */
    public List<Segment> segments() throws IOException {
        List<Segment> segments = new ArrayList<>();
        for (String name : disk.list(FOLDER)) {
            if (Segment.isName(name)
                    && Segment.look(disk, FOLDER, name, keys) instanceof Segment.Look.Sound(Segment found)) {
                segments.add(found);
            }
        }
        return segments;
    }

    /** One letter. @return empty when there is none of that number, or none any more */
    public Optional<DeadLetter> find(long number) throws IOException {
        List<DeadLetter> found = new ArrayList<>();
        read(number, new Visitor() {
            @Override
            public void letter(long other, DeadLetter letter) {
                if (other == number) {
                    found.add(letter);
                }
            }

            @Override
            public void gone(Gone gone) {
                if (gone.from() <= number && number < gone.to()) {
                    found.clear();
                }
            }
        });
        return found.stream().findFirst();
    }

    /**
     * Deletes the oldest segments of which every letter is gone. What says so stands behind the letters, so it is deleted with them or
     * after them.
     *
     * @return how many were deleted
     */
    public int deleteGone() throws IOException {
        BitSet letters = new BitSet();
        List<Segment> segments = segments();
        long base = segments.isEmpty() ? 0 : segments.getFirst().header().firstBatch();
        read(0, new Visitor() {
            @Override
            public void letter(long number, DeadLetter letter) {
                letters.set((int) (number - base));
            }

            @Override
            public void gone(Gone gone) {
                if (gone.to() > base) {
                    letters.clear((int) (Math.max(base, gone.from()) - base), (int) (gone.to() - base));
                }
            }
        });
        int first = letters.nextSetBit(0);
        long needed = first < 0 ? Long.MAX_VALUE : base + first;
        int deleted = 0;
        for (int i = 0; i + 1 < segments.size() && segments.get(i + 1).header().firstBatch() <= needed; i++) {
            segments.get(i).delete();
            deleted++;
        }
        return deleted;
    }
}
