package io.skewer.store;

/**
 * How much room the store may take.
 *
 * @param maxBytes of log and dead letters together; 0: no limit
 * @param minFreeBytes left free for others on the file system
 * @param policy what happens when there is no room
 */
public record StoreLimits(long maxBytes, long minFreeBytes, Policy policy) {
    public static final StoreLimits NONE = new StoreLimits(0, 0, Policy.BLOCK);

    /** What happens when there is no room. */
    public enum Policy {
        /** Nothing is kept until there is: senders wait. */
        BLOCK,
        /** The oldest segment goes, delivered or not. */
        DROP_OLDEST,
        /** New batches are answered as kept and thrown away. */
        DROP_NEWEST
    }
}
