package io.skewer.store.segment;

import io.skewer.store.disk.DiskFile;
import java.io.Closeable;
import java.io.IOException;
import java.util.Optional;

/**
 * Reads the batches of a segment in their order, also of the one that is being written, as far as it is committed.
 *
 * <h2>What is believed</h2>
 *
 * Nothing that was read is believed before it was checked. A length is compared with the limit and the bytes left before anything is
 * allocated. A frame counts when its checksum, which covers the segment's salt, is right and its number is higher than the one before
 * and lower than the first of the next segment: a batch that was written again in the next segment after a failure belongs there. The
 * body counts when it opens with the key of the segment and the place at which it stands.
 *
 * <h2>What happens at damage</h2>
 *
 * This is the only copy of the data, so one bad frame must not cost the rest. The reader first tries the place where the frame would
 * end if its length were right, then every byte from there on, until a frame is found that checks. What lies between is reported as
 * damaged and skipped; which records were lost is seen from the numbers of the frame behind. A forged frame in a message's text cannot
 * be found by that search, see {@link FrameHead}.
 *
 * <p>Used by one thread.
 */
public final class SegmentReader implements Closeable {
    private static final int WINDOW_BYTES = 128 * 1024;
    /** What a disk does not give it does not give by the page; asking for every byte of it could take days. */
    private static final int UNREADABLE_BYTES = 4096;
    /** How many bytes one search behind damage may checksum: text full of things that look like frames must not stop the reader. */
    private static final long SEARCH_BYTES_MAX = 1L << 30;

    private final Segment segment;
    private final DiskFile file;
    private final BatchSeal seal;
    private final FrameChecksum checksum;
    private final DamageListener damage;
    private final long sealedEnd;
    private final long numberEnd;

    private byte[] window = new byte[WINDOW_BYTES];
    private long windowAt;
    private int windowBytes;
    /** Whether the last bytes asked for are there, but the disk does not give them. */
    private boolean unreadable;

    private long at = SegmentHeader.BYTES;
    private long frameAt;
    private FrameHead head = new FrameHead(0, 0, 0, 0);
    private long numberMin;
    private boolean over;
    private long searchBytesLeft;

    private SegmentReader(Segment segment, DiskFile file, long sealedEnd, SegmentBounds bounds) {
        this.segment = segment;
        this.file = file;
        this.sealedEnd = sealedEnd;
        this.numberEnd = bounds.numberEnd();
        this.damage = bounds.damage();
        this.seal = new BatchSeal(segment.header(), bounds.keys());
        this.checksum = new FrameChecksum(segment.header().salt());
        this.numberMin = segment.header().firstBatch();
    }

    /**
     * What a reader must know beyond the file.
     *
     * @param numberEnd batches from this number on are in the next segment
     */
    public record SegmentBounds(StoreKeys keys, long numberEnd, DamageListener damage) {}

    public static SegmentReader open(Segment segment, SegmentBounds bounds) throws IOException {
        boolean sealed = segment.isSealed();
        DiskFile file = segment.openToRead();
        try {
            long end = -1;
            if (sealed) {
                end = segment.readEnd(file, bounds.keys())
                        .map(SegmentEnd::dataBytes)
                        .orElse(file.size());
            }
            return new SegmentReader(segment, file, end, bounds);
        } catch (IOException | RuntimeException cause) {
            file.close();
            throw cause;
        }
    }

    public Segment segment() {
        return segment;
    }

    /**
     * Moves to the next frame that checks.
     *
     * @return false when there is none, or none yet in a segment that is still written
     */
    public boolean next() throws IOException {
        if (over) {
            return false;
        }
        long limit = sealedEnd >= 0 ? sealedEnd : segment.committedBytes();
        if (at >= limit) {
            return false;
        }
        if (isFrame(at, limit)) {
            return accept(at);
        }
        if (over) {
            return false;
        }
        long found = findFrame(at, limit);
        if (!over || found < limit) {
            damage.damaged(segment, at, found, "no sound batch");
        }
        at = found;
        return found < limit && accept(found);
    }

    private boolean accept(long place) {
        frameAt = place;
        at = place + head.frameBytes();
        numberMin = head.number() + 1;
        return true;
    }

    /** Looks for the next sound frame behind a bad one. @return its place, or the limit */
    private long findFrame(long bad, long limit) throws IOException {
        if (fill(bad, FrameHead.BYTES)) {
            FrameHead said = FrameHead.read(window, windowOffset(bad));
            if (said.isPlausible(limit - bad) && isFrame(bad + said.frameBytes(), limit)) {
                return bad + said.frameBytes();
            }
        }
        searchBytesLeft = SEARCH_BYTES_MAX;
        for (long place = skipTo(bad + 1, limit);
                place <= limit - FrameHead.BYTES && searchBytesLeft > 0;
                place = skipTo(place + 1, limit)) {
            if (isFrame(place, limit)) {
                return place;
            }
        }
        return limit;
    }

    /**
     * Passes over what cannot be the first byte of a marker, since a file may end with tens of megabytes of zeros, and over what the disk does
     * not give.
     */
    private long skipTo(long from, long limit) {
        long place = from;
        while (place <= limit - FrameHead.BYTES) {
            if (!fill(place, FrameHead.BYTES)) {
                if (!unreadable) {
                    return limit;
                }
                place = (place / UNREADABLE_BYTES + 1) * UNREADABLE_BYTES;
                continue;
            }
            int end = windowBytes;
            for (int i = windowOffset(place); i < end; i++) {
                if (window[i] == (byte) FrameHead.MARKER) {
                    return windowAt + i;
                }
            }
            place = windowAt + end;
        }
        return place;
    }

    /** Whether a frame stands here that may come next; its head is then in {@link #head}. */
    private boolean isFrame(long place, long limit) throws IOException {
        if (limit - place < FrameHead.BYTES
                || !fill(place, FrameHead.BYTES)
                || LittleEndian.getInt(window, windowOffset(place)) != FrameHead.MARKER) {
            return false;
        }
        FrameHead found = FrameHead.read(window, windowOffset(place));
        if (!found.isPlausible(limit - place) || found.number() < numberMin || !fill(place, found.frameBytes())) {
            return false;
        }
        searchBytesLeft -= found.frameBytes();
        int offset = windowOffset(place);
        int sum = checksum.of(window, offset, found.frameBytes());
        if (sum != LittleEndian.getInt(window, offset + FrameHead.CHECKSUM_AT)) {
            return false;
        }
        if (found.number() >= numberEnd) {
            over = true;
            return false;
        }
        head = found;
        return true;
    }

    private int windowOffset(long place) {
        return (int) (place - windowAt);
    }

    /** Gets bytes into the window. @return false when the file does not give them: a disk error is damage like any other */
    private boolean fill(long place, int length) {
        if (place >= windowAt && place + length <= windowAt + windowBytes) {
            return true;
        }
        if (window.length < length) {
            window = new byte[length];
        }
        windowAt = place;
        windowBytes = 0;
        unreadable = false;
        try {
            windowBytes = file.read(window, 0, Math.max(length, WINDOW_BYTES), place);
        } catch (IOException broken) {
            return readExactly(place, length);
        }
        return windowBytes >= length;
    }

    /** The bad sector may lie in what was only read ahead. */
    private boolean readExactly(long place, int length) {
        try {
            windowBytes = file.read(window, 0, length, place);
        } catch (IOException broken) {
            windowBytes = 0;
            unreadable = true;
        }
        return windowBytes >= length;
    }

    public long number() {
        return head.number();
    }

    /** The number of the batch's first record. */
    public long firstRecord() {
        return head.firstRecord();
    }

    public int count() {
        return head.count();
    }

    /** Where the batch after this one would start. */
    public long endOffset() {
        return at;
    }

    /** The batch itself, opened. @return empty, and reported as damaged, when it was not sealed for this place */
    public Optional<byte[]> body() {
        byte[] body = fill(frameAt, head.frameBytes())
                ? seal.open(head, window, windowOffset(frameAt) + FrameHead.BYTES)
                : null;
        if (body == null) {
            damage.damaged(segment, frameAt, at, "not sealed for this place with this secret");
        }
        return Optional.ofNullable(body);
    }

    /** The checksum of the frame at which the reader stands. */
    int frameChecksum() {
        return fill(frameAt, FrameHead.BYTES)
                ? LittleEndian.getInt(window, windowOffset(frameAt) + FrameHead.CHECKSUM_AT)
                : 0;
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
