package io.skewer.cli.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class LogQueueTest {
    private final List<LogRecord> written = new CopyOnWriteArrayList<>();
    private final AtomicLong clock = new AtomicLong(5_000_000_000L);

    private static LogRecord record(String event) {
        return new LogRecord(1, LogLevel.INFO, "l", event, List.of(), "");
    }

    private static String value(LogRecord record, String key) {
        return record.pairs().stream()
                .filter(pair -> pair.key().equals(key))
                .findFirst()
                .map(LogRecord.Pair::value)
                .orElse("");
    }

    @Test
    void repeatedRecordsAreCountedInsteadOfWritten() {
        try (LogQueue queue = new LogQueue(written::add, clock::get)) {
            for (int i = 0; i < 1000; i++) {
                queue.accept(record("a"));
            }
            queue.accept(record("b"));
            clock.addAndGet(LogRepeats.SECOND_NS);
            queue.accept(record("a"));
        }
        assertThat(written).filteredOn(one -> one.event().equals("a")).hasSize(LogRepeats.MAX_PER_SECOND + 1);
        assertThat(written).filteredOn(one -> one.event().equals("b")).hasSize(1);
        assertThat(value(written.getLast(), "suppressed")).isEqualTo("990");
    }

    @Test
    void whatWasLeftOutIsSaidAtTheEndToo() {
        try (LogQueue queue = new LogQueue(written::add, clock::get)) {
            for (int i = 0; i < 15; i++) {
                queue.accept(record("a"));
            }
        }
        assertThat(written).hasSize(LogRepeats.MAX_PER_SECOND + 1);
        assertThat(value(written.getLast(), "suppressed")).isEqualTo("5");
    }

    @Test
    void manyDifferentEventsShareOneCountInsteadOfTheMemory() {
        LogRepeats repeats = new LogRepeats();
        long passed = 0;
        for (int i = 0; i < LogRepeats.MAX_EVENTS + 1000; i++) {
            passed += repeats.pass(record("event " + i), 1).isPresent() ? 1 : 0;
        }
        assertThat(passed).isEqualTo(LogRepeats.MAX_EVENTS + LogRepeats.MAX_PER_SECOND);
        assertThat(repeats.rest(LogRepeats.SECOND_NS + 1, 1))
                .hasSize(1)
                .first()
                .satisfies(rest -> assertThat(value(rest, "suppressed"))
                        .isEqualTo(Integer.toString(1000 - LogRepeats.MAX_PER_SECOND)));
        assertThat(repeats.rest(LogRepeats.SECOND_NS + 1, 1)).isEmpty();
    }

    @Test
    void aTargetThatHangsNeverBlocksWhoLogsAndTheLossIsCounted() throws InterruptedException {
        CountDownLatch hang = new CountDownLatch(1);
        LogQueue queue = new LogQueue(
                one -> {
                    try {
                        hang.await();
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                    written.add(one);
                },
                clock::get);
        for (int i = 0; i < LogQueue.CAPACITY + 500; i++) {
            clock.addAndGet(LogRepeats.SECOND_NS); // so that none counts as repeated
            queue.accept(record("a"));
        }
        long dropped = queue.dropped();
        assertThat(dropped).isBetween(499L, 500L);
        hang.countDown();
        queue.close();
        assertThat(written)
                .filteredOn(one -> one.event().equals("log.dropped"))
                .extracting(one -> value(one, "records"))
                .containsExactly(Long.toString(dropped));
    }

    @Test
    void aTargetThatFailsDoesNotEndTheLog() {
        try (LogQueue queue = new LogQueue(
                one -> {
                    if (one.event().equals("bad")) {
                        throw new IllegalStateException("bad");
                    }
                    written.add(one);
                },
                clock::get)) {
            queue.accept(record("bad"));
            queue.accept(record("good"));
        }
        assertThat(written).extracting(LogRecord::event).contains("good", "log.dropped");
    }
}
