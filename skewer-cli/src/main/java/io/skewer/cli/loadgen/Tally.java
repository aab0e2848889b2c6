package io.skewer.cli.loadgen;

/** What one connection did. Written by its thread, read when that thread has ended. */
final class Tally {
    final AnswerTimes answers = new AnswerTimes();
    long sent;
    long refused;
    long postponed;

    void add(Tally other) {
        answers.add(other.answers);
        sent += other.sent;
        refused += other.refused;
        postponed += other.postponed;
    }
}
