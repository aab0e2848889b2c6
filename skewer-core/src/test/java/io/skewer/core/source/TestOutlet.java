package io.skewer.core.source;

import io.skewer.core.message.BatchReader;
import io.skewer.core.message.Field;
import io.skewer.core.message.Origin;
import io.skewer.core.message.ParseStatus;
import io.skewer.core.message.RecordView;
import io.skewer.core.message.SealedBatch;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;

/** An outlet in memory whose credit and keeping the test decides. */
public final class TestOutlet implements Outlet {
    /** One record as it arrived. */
    public record Received(
            String message, Origin origin, ParseStatus status, String topic, String key, long receivedNs) {}

    private final List<Received> received = new ArrayList<>();
    private final Queue<Runnable> unkept = new ArrayDeque<>();
    private final List<Runnable> waiting = new ArrayList<>();
    private boolean keepAtOnce = true;
    private long credit = Long.MAX_VALUE;
    private int batches;

    /** Batches stay unkept until {@link #keepAll} or {@link #keepOne}. */
    public static TestOutlet keepingNothing() {
        TestOutlet outlet = new TestOutlet();
        outlet.keepAtOnce = false;
        return outlet;
    }

    @Override
    public synchronized long creditBytes() {
        return credit;
    }

    @Override
    public void handOver(SealedBatch batch, Runnable kept) {
        boolean now;
        synchronized (this) {
            batches++;
            BatchReader reader = new BatchReader();
            reader.open(batch.bytes(), 0, batch.bytes().length);
            while (reader.next()) {
                received.add(read(reader.record()));
            }
            credit -= batch.bytes().length;
            now = keepAtOnce;
            if (!now) {
                unkept.add(kept);
            }
            notifyAll();
        }
        if (now) {
            kept.run();
        }
    }

    private static Received read(RecordView record) {
        return new Received(
                record.text(Field.MESSAGE),
                record.origin(),
                record.parseStatus(),
                record.text(Field.TOPIC),
                record.text(Field.KEY),
                record.receivedNs());
    }

    @Override
    public void whenReady(Runnable resume) {
        synchronized (this) {
            if (credit <= 0) {
                waiting.add(resume);
                return;
            }
        }
        resume.run();
    }

    public void setCredit(long bytes) {
        List<Runnable> resumed;
        synchronized (this) {
            credit = bytes;
            resumed = credit > 0 ? List.copyOf(waiting) : List.of();
            waiting.removeAll(resumed);
        }
        resumed.forEach(Runnable::run);
    }

    public synchronized boolean hasWaiting() {
        return !waiting.isEmpty();
    }

    public boolean keepOne() {
        Runnable next;
        synchronized (this) {
            next = unkept.poll();
        }
        if (next == null) {
            return false;
        }
        next.run();
        return true;
    }

    /** Keeps what is there and, from now on, everything at once. */
    public void keepAll() {
        synchronized (this) {
            keepAtOnce = true;
        }
        while (keepOne()) {}
    }

    public synchronized int batches() {
        return batches;
    }

    public synchronized int count() {
        return received.size();
    }

    public synchronized List<Received> received() {
        return List.copyOf(received);
    }

    public List<String> messages() {
        return received().stream().map(Received::message).toList();
    }

    /** Waits until that many messages are there, at most 20 s. */
    public synchronized void await(int count) throws InterruptedException {
        long end = System.nanoTime() + 20_000_000_000L;
        while (received.size() < count) {
            long rest = (end - System.nanoTime()) / 1_000_000;
            if (rest <= 0) {
                throw new AssertionError("only " + received.size() + " of " + count + " messages");
            }
            wait(rest);
        }
    }
}
