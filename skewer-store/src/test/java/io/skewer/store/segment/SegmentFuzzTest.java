package io.skewer.store.segment;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.skewer.store.MemoryFiles;
import java.io.IOException;

/** Any bytes behind a sound header, and any bytes as a whole file: no exception, no batch that leaves the file. */
class SegmentFuzzTest {
    private static final StoreKeys KEYS = StoreKeys.of(null);
    private static final String NAME = "0000000000000001.seg";

    @FuzzTest
    void anyBytesBehindAHeaderAreReadToTheirEnd(byte[] data) throws IOException {
        SegmentHeader header = new SegmentHeader(
                SegmentHeader.Kind.LOG, new java.util.UUID(1, 2), 1, 1, 0, StoreKeys.NO_KEY, new byte[32]);
        byte[] head = header.toBytes(KEYS);
        byte[] file = java.util.Arrays.copyOf(head, head.length + data.length);
        System.arraycopy(data, 0, file, head.length, data.length);
        readAll(file);
    }

    @FuzzTest
    void anyFileIsLookedAtWithoutHarm(byte[] data) throws IOException {
        readAll(data);
    }

    private static void readAll(byte[] file) throws IOException {
        var disk = MemoryFiles.with(NAME, file);
        if (Segment.look(disk, "", NAME, KEYS) instanceof Segment.Look.Sound(Segment segment)) {
            long[] skipped = {0};
            var bounds = new SegmentReader.SegmentBounds(
                    KEYS, Long.MAX_VALUE, (where, from, to, why) -> skipped[0] += to - from);
            try (SegmentReader reader = SegmentReader.open(segment, bounds)) {
                long last = 0;
                while (reader.next()) {
                    assertThat(reader.number()).isGreaterThan(last);
                    assertThat(reader.endOffset()).isLessThanOrEqualTo(file.length);
                    assertThat(reader.body().orElseThrow().length).isLessThan(file.length);
                    last = reader.number();
                }
            }
            assertThat(skipped[0]).isLessThanOrEqualTo(file.length);
        }
    }
}
