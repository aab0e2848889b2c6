package io.skewer.store.tool;

import io.skewer.store.deadletter.LetterLog;
import io.skewer.store.frontier.StateFile;
import io.skewer.store.segment.DamageListener;
import io.skewer.store.segment.Segment;
import io.skewer.store.segment.SegmentReader;
import io.skewer.store.tool.StoreFiles.Condition;
import io.skewer.store.tool.StoreFiles.SegmentFile;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Reads every byte of a store and opens every batch. Changes nothing, but for what the listener does. Used by one thread. */
public final class Verification {
    private final StoreFiles files;
    private final DamageListener damage;
    private final List<Finding> findings = new ArrayList<>();
    private long batches;
    private long records;
    private long bytes;
    private long expectedRecord = -1;

    /** @param damage hears of every place that cannot be used */
    public Verification(StoreFiles files, DamageListener damage) {
        this.files = files;
        this.damage = damage;
    }

    /** Something that is not as it was written. */
    public record Finding(String file, long from, long to, String what) {}

    /** @param findings empty for a store that is whole */
    public record Report(long batches, long records, long bytes, List<Finding> findings) {}

    public Report run() throws IOException {
        checkState();
        for (SegmentFile file : files.list()) {
            if (file.condition() != Condition.SEALED && file.condition() != Condition.OPEN) {
                String what = switch (file.condition()) {
                    case CUT -> "its end is damaged or cut off";
                    case DAMAGED -> "the header is damaged";
                    default -> "it was written with another secret";
                };
                findings.add(new Finding(file.file(), 0, file.bytes(), what));
            }
        }
        readFolder("");
        expectedRecord = -1;
        readFolder(LetterLog.FOLDER);
        return new Report(batches, records, bytes, List.copyOf(findings));
    }

    private void checkState() throws IOException {
        switch (files.state()) {
            case StateFile.Reading.Found ignored -> {}
            case StateFile.Reading.Absent() -> findings.add(new Finding(StateFile.NAME, 0, 0, "there is none"));
            case StateFile.Reading.Damaged() ->
                findings.add(new Finding(StateFile.NAME, 0, 0, "both slots are damaged"));
            case StateFile.Reading.OtherSecret(long id) ->
                findings.add(new Finding(
                        StateFile.NAME, 0, 0, "it was written with another secret, id " + Long.toHexString(id)));
        }
    }

    private void readFolder(String folder) throws IOException {
        List<Segment> segments = files.segments(folder);
        for (int i = 0; i < segments.size(); i++) {
            Segment segment = segments.get(i);
            long end = i + 1 < segments.size() ? segments.get(i + 1).header().firstBatch() : Long.MAX_VALUE;
            bytes += segment.committedBytes();
            files.read(segment, end, segment.isSealed() ? this::damaged : (where, from, to, why) -> {}, reader -> {
                check(segment, reader);
                return true;
            });
        }
    }

    private void check(Segment segment, SegmentReader reader) {
        if (expectedRecord >= 0 && reader.firstRecord() != expectedRecord) {
            findings.add(new Finding(
                    segment.path(),
                    reader.endOffset(),
                    reader.endOffset(),
                    (reader.firstRecord() - expectedRecord) + " records are missing before batch " + reader.number()));
        }
        expectedRecord = reader.firstRecord() + reader.count();
        if (reader.body().isPresent()) {
            batches++;
            records += reader.count();
        }
    }

    private void damaged(Segment segment, long from, long to, String why) {
        findings.add(new Finding(segment.path(), from, to, why));
        damage.damaged(segment, from, to, why);
    }
}
