package io.skewer.store.frontier;

/**
 * A place in the log: everything before it is settled.
 *
 * @param batch number of the first batch that is not settled whole
 * @param record how many records of that batch are settled, from its first on
 * @param recordNumber how many records of the log lie before this place
 */
public record Position(long batch, int record, long recordNumber) {}
