package io.skewer.store.frontier;

import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;

/**
 * What the state file says.
 *
 * @param store the store's own name
 * @param generation rises with every writing
 * @param clean whether the store was closed in order
 * @param firstSegment segments with lower ids are settled by everybody and may be deleted
 * @param next where the next batch goes; the log may have grown since
 * @param frontiers by destination
 */
public record StoreState(
        UUID store,
        long generation,
        boolean clean,
        long firstSegment,
        Position next,
        SortedMap<String, Position> frontiers) {
    public StoreState {
        frontiers = new TreeMap<>(frontiers);
    }
}
