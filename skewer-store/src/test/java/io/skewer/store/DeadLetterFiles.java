package io.skewer.store;

import io.skewer.store.deadletter.DeadLetter;
import io.skewer.store.disk.Disk;
import io.skewer.store.segment.Segment;
import io.skewer.store.segment.SegmentReader;
import io.skewer.store.segment.StoreKeys;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Reads the dead letters of a store that is closed. */
final class DeadLetterFiles {
    private DeadLetterFiles() {}

    static List<DeadLetter> read(Disk disk, byte[] secret) throws IOException {
        StoreKeys keys = StoreKeys.of(secret.length == 0 ? null : secret);
        List<DeadLetter> letters = new ArrayList<>();
        for (String name : disk.list("deadletters")) {
            if (Segment.look(disk, "deadletters", name, keys) instanceof Segment.Look.Sound(Segment segment)) {
                var bounds = new SegmentReader.SegmentBounds(keys, Long.MAX_VALUE, (where, from, to, why) -> {
                    throw new AssertionError(where + ": " + why);
                });
                try (SegmentReader reader = SegmentReader.open(segment, bounds)) {
                    while (reader.next()) {
                        letters.add(DeadLetter.read(reader.body().orElseThrow()).orElseThrow());
                    }
                }
            } else {
                throw new AssertionError(name + " is not sound");
            }
        }
        return letters;
    }
}
