package io.skewer.sinks;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/** Remembers what settled, and says when a record settles twice. */
public final class Settled implements Settler {
    private final Map<Long, boolean[]> delivered = new TreeMap<>();
    private final Map<Long, Map<Integer, Failure>> failures = new TreeMap<>();
    private final List<String> calls = new ArrayList<>();
    private int count;

    @Override
    public synchronized void delivered(long batch, int from, int to) {
        boolean[] records = delivered.computeIfAbsent(batch, ignored -> new boolean[100_000]);
        for (int i = from; i < to; i++) {
            if (records[i]) {
                throw new IllegalStateException("record " + i + " of batch " + batch + " settles twice");
            }
            records[i] = true;
        }
        count += to - from;
        calls.add(batch + ":" + from + "-" + to);
        notifyAll();
    }

    @Override
    public synchronized void failed(long batch, int record, Failure failure) {
        failures.computeIfAbsent(batch, ignored -> new TreeMap<>()).put(record, failure);
        notifyAll();
    }

    public synchronized int count() {
        return count;
    }

    /** The calls of delivered, as {@code batch:from-to}. */
    public synchronized List<String> calls() {
        return List.copyOf(calls);
    }

    public synchronized Map<Integer, Failure> failures(long batch) {
        return Map.copyOf(failures.getOrDefault(batch, Map.of()));
    }

    /** Why that record failed. */
    public Failure.Reason reason(long batch, int record) {
        return Objects.requireNonNull(failures(batch).get(record), "it did not fail")
                .reason();
    }

    /** How often a record was tried that failed. */
    public int attempts(long batch, int record) {
        return Objects.requireNonNull(failures(batch).get(record), "it did not fail")
                .attempts();
    }

    /** Waits until so many have failed. @return how many have */
    public synchronized int awaitFailures(int wanted, int seconds) throws InterruptedException {
        long end = System.nanoTime() + seconds * 1_000_000_000L;
        while (failed() < wanted && System.nanoTime() - end < 0) {
            wait(100);
        }
        return failed();
    }

    private int failed() {
        return failures.values().stream().mapToInt(Map::size).sum();
    }

    /** Waits until so many are delivered. @return how many are */
    public synchronized int await(int wanted, int seconds) throws InterruptedException {
        long end = System.nanoTime() + seconds * 1_000_000_000L;
        while (count < wanted && System.nanoTime() - end < 0) {
            wait(100);
        }
        return count;
    }
}
