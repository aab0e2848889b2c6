package io.skewer.core.measure;

import java.util.concurrent.atomic.LongAdder;

/** A number that only grows. Safe for use by several threads; cheap enough to be added to once per batch or burst. */
public final class Counter {
    private final LongAdder value = new LongAdder();

    Counter() {}

    public void add(long count) {
        value.add(count);
    }

    public void increment() {
        value.increment();
    }

    public long value() {
        return value.sum();
    }
}
