package io.skewer.cli.loadgen;

import java.time.Duration;

/**
 * What became of a load.
 *
 * @param sent messages that the system took; with RELP also those that were refused
 * @param refused RELP: messages answered otherwise than with 200
 * @param postponed unix datagrams that found no room at first, and UDP datagrams that the system did not take at once
 * @param took from the first connection to the end of the last
 * @param answers RELP: from the sending of a message to its answer
 */
public record Outcome(long sent, long refused, long postponed, Duration took, AnswerTimes answers) {
    /** Messages per second. */
    public double rate() {
        return sent / Math.max(1e-9, took.toNanos() / 1e9);
    }
}
