package io.skewer.store.deadletter;

/**
 * What a destination said of a record that it will not take.
 *
 * @param reasonCode as the forwarder said, 0 to 255
 * @param attempts how often it was tried, at least 1
 * @param text for the operator
 */
public record Refusal(int reasonCode, int attempts, String text) {
    /** The same, when it was tried before, in an earlier life of the record. */
    public Refusal after(int earlierAttempts) {
        long all = (long) earlierAttempts + attempts;
        return new Refusal(reasonCode, (int) Math.min(Integer.MAX_VALUE, all), text);
    }
}
