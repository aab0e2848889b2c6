package io.skewer.store.segment;

import static org.assertj.core.api.Assertions.assertThat;

import io.skewer.store.MemoryFiles;
import io.skewer.store.disk.Disk;
import io.skewer.store.disk.DiskFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Every bit of a sealed segment of 64 KiB turned, one at a time. A turned bit costs at most the batch in which it stands, and is reported;
 * every other frame comes in its order. The bodies beside the damage and the last one are opened and compared; those of frames that did
 * not change would open each time to the same bytes.
 *
 * <p>The header is looked at again only where it or the end is hit: what was derived from them cannot change with a batch.
 */
class EveryBitTest {
    private static final int SEGMENT_BYTES = 64 * 1024;
    private static final int BATCHES = 16;
    private static final int RECORDS = 7;
    private static final int DATA_END = SEGMENT_BYTES - SegmentEnd.WITH_HEADER_BYTES;
    private static final int FRAME_BYTES = (DATA_END - SegmentHeader.BYTES) / BATCHES;
    private static final String NAME = "0000000000000001.seg";
    private static final byte[] SECRET = "0123456789abcdef0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

    /** A file that is one array, to be read only. */
    private record Bytes(byte[] content) implements DiskFile {
        @Override
        public long size() {
            return content.length;
        }

        @Override
        public int read(byte[] target, int offset, int length, long position) {
            int count = (int) Math.max(0, Math.min(length, content.length - position));
            System.arraycopy(content, (int) position, target, offset, count);
            return count;
        }

        @Override
        public void write(byte[] source, int offset, int length, long position) {
            throw new IllegalStateException("to be read only");
        }

        @Override
        public void sync() {
            throw new IllegalStateException("to be read only");
        }

        @Override
        public void truncate(long size) {
            throw new IllegalStateException("to be read only");
        }

        @Override
        public void close() {
            // Nothing is held.
        }
    }

    /** A disk of which only one file can be opened. */
    private static Disk diskWith(byte[] content) {
        return (Disk)
                Proxy.newProxyInstance(Disk.class.getClassLoader(), new Class<?>[] {Disk.class}, (self, method, _) -> {
                    if (method.getName().equals("openToRead")) {
                        return new Bytes(content);
                    }
                    throw new IllegalStateException(method.getName());
                });
    }

    /** The segment as it was written, and what was put into it. */
    private record Written(byte[] file, StoreKeys keys, List<byte[]> bodies) {
        static Written of(byte[] secret) throws IOException {
            StoreKeys keys = StoreKeys.of(secret, List.of());
            Disk disk = MemoryFiles.empty();
            Random random = new Random(64);
            var place = new SegmentMaker.Place("", SegmentHeader.Kind.LOG, new UUID(1, 2), false);
            SegmentWriter writer = new SegmentMaker(disk, keys, place, new SegmentMaker.Start(1, 0), random).make(1, 0);
            List<byte[]> bodies = new ArrayList<>();
            int overhead = keys.encrypt() ? SegmentWriter.MAX_OVERHEAD_BYTES : 0;
            for (int i = 0; i < BATCHES; i++) {
                byte[] body = new byte[FRAME_BYTES - FrameHead.BYTES - overhead];
                random.nextBytes(body);
                bodies.add(body);
                writer.add(body, RECORDS);
            }
            writer.write();
            writer.commit();
            writer.seal(false);
            byte[] file = new byte[SEGMENT_BYTES];
            try (DiskFile read = disk.openToRead(NAME)) {
                assertThat(read.size()).isEqualTo(SEGMENT_BYTES);
                read.read(file, 0, file.length, 0);
            }
            return new Written(file, keys, bodies);
        }

        Segment look(byte[] content) throws IOException {
            if (Segment.look(diskWith(content), "", NAME, keys) instanceof Segment.Look.Sound(Segment segment)) {
                return segment;
            }
            throw new AssertionError("one turned bit made the segment unknown");
        }
    }

    /** What one reading of a damaged file gave. */
    private static final class Reading {
        private final List<Long> numbers = new ArrayList<>();
        private boolean reported;

        static Reading of(Written written, Segment segment, int at, int hit) throws IOException {
            Reading reading = new Reading();
            var bounds = new SegmentReader.SegmentBounds(
                    written.keys(),
                    Long.MAX_VALUE,
                    (where, from, to, why) -> reading.reported |= from <= at && at < to);
            try (SegmentReader reader = SegmentReader.open(segment, bounds)) {
                while (reader.next()) {
                    int index = (int) reader.number() - 1;
                    reading.numbers.add(reader.number());
                    require(reader.firstRecord() == (long) index * RECORDS && reader.count() == RECORDS, "records");
                    boolean near = Math.abs(index - hit) <= 1 || index == BATCHES - 1;
                    require(
                            !near
                                    || Arrays.equals(
                                            reader.body().orElseThrow(),
                                            written.bodies().get(index)),
                            "body");
                }
            }
            return reading;
        }
    }

    private static void require(boolean truth, String what) {
        if (!truth) {
            throw new AssertionError(what);
        }
    }

    /** Turns all bits of one byte, one after the other. */
    private static void turn(Written written, int at, AtomicInteger turned) {
        byte[] file = written.file().clone();
        boolean inBatch = at >= SegmentHeader.BYTES && at < DATA_END;
        int hit = inBatch ? (at - SegmentHeader.BYTES) / FRAME_BYTES : -2;
        List<Long> expected = new ArrayList<>();
        for (long number = 1; number <= BATCHES; number++) {
            if (number != hit + 1) {
                expected.add(number);
            }
        }
        try {
            Segment known = inBatch ? written.look(file) : null;
            for (int bit = 0; bit < 8; bit++) {
                file[at] ^= (byte) (1 << bit);
                Reading reading = Reading.of(written, known == null ? written.look(file) : known, at, hit);
                require(reading.numbers.equals(expected), "byte " + at + ", bit " + bit + ": " + reading.numbers);
                require(!inBatch || reading.reported, "byte " + at + ", bit " + bit + " was not reported");
                file[at] ^= (byte) (1 << bit);
                turned.incrementAndGet();
            }
        } catch (IOException cause) {
            throw new UncheckedIOException(cause);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void anyBitOf64KiBCostsAtMostItsBatch(boolean encrypted) throws IOException {
        Written written = Written.of(encrypted ? SECRET : new byte[0]);
        AtomicInteger turned = new AtomicInteger();
        IntStream.range(0, SEGMENT_BYTES).parallel().forEach(at -> turn(written, at, turned));
        assertThat(turned).hasValue(8 * SEGMENT_BYTES);
    }
}
