package io.skewer.store.recover;

import io.skewer.store.disk.Disk;
import io.skewer.store.frontier.Position;
import io.skewer.store.frontier.StateFile;
import io.skewer.store.frontier.StoreState;
import io.skewer.store.segment.Segment;
import io.skewer.store.segment.SegmentHeader;
import io.skewer.store.segment.StoreKeys;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What happens at every start, in this order.
 *
 * <ol>
 *   <li>Look at the state and at the header of every segment. A secret that does not fit ends it here: nothing was touched.
 *   <li>With {@code store.recovery = "strict"}, damage that no crash explains ends it here likewise.
 *   <li>Segments that the state says everybody has passed are deleted: that is the deletion that a crash interrupted.
 *   <li>Files that are damaged beyond use, or belong to another store, go to the quarantine.
 *   <li>A segment that was being written is scanned, cut behind its last sound batch, and closed. It is never written to again.
 *   <li>The next batch gets a number above every number that anybody has seen, also those in the state that the log lost with the power.
 *   <li>Each configured destination takes up its place, a new one at the end of the log. When there are segments but no state that can be
 *       read, everything is delivered again: a duplicate is better than a loss.
 * </ol>
 *
 * <p>Sealed segments are not read here, so the time this takes does not depend on the backlog.
 */
public final class Recovery {
    public static final String LOG_FOLDER = "";
    public static final String DEAD_LETTERS_FOLDER = "deadletters";
    private static final Logger LOG = LoggerFactory.getLogger(Recovery.class);

    private final Disk disk;
    private final StoreKeys keys;
    private final Quarantine quarantine;
    private final Supplier<UUID> names;
    private final boolean strict;

    /**
     * @param names makes the name of a new store
     * @param strict whether damage ends it before anything is touched
     */
    public Recovery(Disk disk, StoreKeys keys, Quarantine quarantine, Supplier<UUID> names, boolean strict) {
        this.disk = disk;
        this.keys = keys;
        this.quarantine = quarantine;
        this.names = names;
        this.strict = strict;
    }

    /**
     * The segments of a folder and what comes behind them.
     *
     * @param nextSegment the id of the next segment
     */
    public record Folder(List<Segment> segments, long nextSegment, Position next) {}

    /**
     * A store that may begin.
     *
     * @param stateReadable whether the state file may be written to
     * @param deleteFailures how often a file that nobody needs did not go
     */
    public record Recovered(
            StoreState state, boolean stateReadable, Folder log, Folder deadLetters, int deleteFailures) {}

    /**
     * @param destinations those that are configured
     * @throws WrongSecretException when the store was written with another secret
     */
    public Recovered run(Collection<String> destinations) throws IOException {
        FolderRecovery log = new FolderRecovery(disk, LOG_FOLDER, keys, quarantine).look();
        FolderRecovery dead = new FolderRecovery(disk, DEAD_LETTERS_FOLDER, keys, quarantine).look();
        StateFile.Reading reading = StateFile.read(disk, keys);
        if (reading instanceof StateFile.Reading.OtherSecret(long keyId)) {
            throw new WrongSecretException(StateFile.NAME, keyId, keys.keyId());
        }
        @Nullable StoreState state = reading instanceof StateFile.Reading.Found(StoreState found) ? found : null;
        UUID store = state != null ? state.store() : log.store().or(dead::store).orElseGet(names);
        boolean empty = log.isEmpty();
        if (strict) {
            refuseDamage(store, log, dead, reading, empty);
        }
        if (state != null) {
            log.deletePassed(store, state.firstSegment());
        }
        log.repair(store, SegmentHeader.Kind.LOG);
        dead.repair(store, SegmentHeader.Kind.DEAD_LETTERS);
        if (state == null && (!empty || reading instanceof StateFile.Reading.Damaged)) {
            LOG.atError()
                    .setMessage("store.state_lost")
                    .addKeyValue("effect", "everything that is stored is delivered again")
                    .log();
        }
        if (reading instanceof StateFile.Reading.Damaged) {
            quarantine.moveAside(StateFile.NAME, "both slots are damaged");
        }
        return settle(state, store, log, dead, destinations);
    }

    private static void refuseDamage(
            UUID store, FolderRecovery log, FolderRecovery dead, StateFile.Reading reading, boolean empty)
            throws IOException {
        List<String> findings = new ArrayList<>(log.findings(store, SegmentHeader.Kind.LOG));
        findings.addAll(dead.findings(store, SegmentHeader.Kind.DEAD_LETTERS));
        if (reading instanceof StateFile.Reading.Damaged || (reading instanceof StateFile.Reading.Absent && !empty)) {
            findings.add(StateFile.NAME + ": cannot be read; everything that is stored would be delivered again");
        }
        if (!findings.isEmpty()) {
            throw new DamagedStoreException(findings);
        }
    }

    private static Recovered settle(
            @Nullable StoreState state,
            UUID store,
            FolderRecovery log,
            FolderRecovery dead,
            Collection<String> destinations) {
        Position next = new Position(log.nextBatch(), 0, log.nextRecord());
        SortedMap<String, Position> frontiers = new TreeMap<>();
        if (state != null) {
            frontiers.putAll(state.frontiers());
            next = later(next, state.next());
            for (Position frontier : state.frontiers().values()) {
                Position whole = frontier.record() == 0
                        ? frontier
                        : new Position(frontier.batch() + 1, 0, frontier.recordNumber() + 1);
                next = later(next, whole);
            }
        }
        Position beginning = state == null && !log.segments().isEmpty() ? beginning(log.segments()) : next;
        for (String destination : destinations) {
            frontiers.putIfAbsent(destination, beginning);
        }
        warnOfLeftovers(frontiers, destinations, next);
        long nextSegment = Math.max(log.nextSegment(), state == null ? 1 : state.firstSegment());
        long first = log.segments().isEmpty()
                ? nextSegment
                : log.segments().getFirst().id();
        StoreState start =
                new StoreState(store, state == null ? 1 : state.generation() + 1, false, first, next, frontiers);
        return new Recovered(
                start,
                state != null,
                new Folder(log.segments(), nextSegment, next),
                new Folder(dead.segments(), dead.nextSegment(), new Position(dead.nextBatch(), 0, dead.nextRecord())),
                log.deleteFailures() + dead.deleteFailures());
    }

    private static Position beginning(List<Segment> segments) {
        SegmentHeader header = segments.getFirst().header();
        return new Position(header.firstBatch(), 0, header.firstRecord());
    }

    private static Position later(Position one, Position other) {
        return new Position(
                Math.max(one.batch(), other.batch()), 0, Math.max(one.recordNumber(), other.recordNumber()));
    }

    private static void warnOfLeftovers(
            SortedMap<String, Position> frontiers, Collection<String> destinations, Position next) {
        for (Map.Entry<String, Position> entry : frontiers.entrySet()) {
            if (!destinations.contains(entry.getKey())) {
                LOG.atWarn()
                        .setMessage("store.destination_not_configured")
                        .addKeyValue("destination", entry.getKey())
                        .addKeyValue(
                                "messages",
                                next.recordNumber() - entry.getValue().recordNumber())
                        .addKeyValue("effect", "what it has not received is kept until it is dropped")
                        .addKeyValue("advice", "skewer store drop " + entry.getKey())
                        .log();
            }
        }
    }
}
