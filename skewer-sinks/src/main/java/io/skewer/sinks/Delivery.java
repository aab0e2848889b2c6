package io.skewer.sinks;

/**
 * One batch offered for delivery.
 *
 * @param number the batch's place in the store's log, rising
 * @param firstRecord records before this one are settled already and are not delivered again
 * @param batch in the form of {@link io.skewer.core.message.Batch}
 */
public record Delivery(long number, int firstRecord, byte[] batch) {}
