package io.skewer.store;

/**
 * One batch for a destination.
 *
 * @param number the batch's place in the log, rising
 * @param firstRecord records before this one are settled already
 * @param batch in the form of {@link io.skewer.core.message.Batch}; shared with other destinations, not to be written to
 */
public record Offer(long number, int firstRecord, byte[] batch) {}
