package io.skewer.core.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.skewer.core.message.Field;
import io.skewer.core.message.SealedBatch;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BatchAssemblerTest {
    private static final Duration NEVER = Duration.ofHours(1);
    private static final byte[] TEXT = {'x'};

    private final ScheduledExecutorService loop = Executors.newSingleThreadScheduledExecutor();
    private final BlockingQueue<SealedBatch> handedOver = new LinkedBlockingQueue<>();

    /** Keeps at once what it is given. */
    private final Outlet outlet = new Outlet() {
        @Override
        public long creditBytes() {
            return Long.MAX_VALUE;
        }

        @Override
        public void handOver(SealedBatch batch, Runnable kept) {
            handedOver.add(batch);
            kept.run();
        }

        @Override
        public void whenReady(Runnable resume) {
            resume.run();
        }
    };

    @AfterEach
    void endLoop() {
        loop.shutdownNow();
    }

    @Test
    void aMessageOnAnIdleLineDoesNotWaitAndThoseCloseBehindItTravelTogether() throws Exception {
        BatchAssembler assembler = assembler(NEVER);
        add(assembler, false);
        assertThat(next()).extracting(SealedBatch::count).isEqualTo(1);
        add(assembler, false);
        add(assembler, false);
        assertThat(handedOver).isEmpty();
        run(assembler::hurry);
        assertThat(next()).extracting(SealedBatch::count).isEqualTo(2);
    }

    @Test
    void aMessageWhoseSenderWaitsForAnAnswerDoesNotWaitForOthers() throws Exception {
        BatchAssembler assembler = assembler(NEVER);
        for (int i = 0; i < 3; i++) {
            add(assembler, true);
            assertThat(next()).extracting(SealedBatch::count).isEqualTo(1);
        }
    }

    @Test
    void noMessageWaitsLongerThanTheDelay() throws Exception {
        BatchAssembler assembler = assembler(Duration.ofMillis(50));
        for (int i = 0; i < 3; i++) {
            add(assembler, false);
            assertThat(next()).extracting(SealedBatch::count).isEqualTo(1);
        }
    }

    private BatchAssembler assembler(Duration delay) {
        return new BatchAssembler(loop, outlet, delay, () -> 1, () -> {}, () -> {});
    }

    /** One message in a burst of its own, to the end of the turn. */
    private void add(BatchAssembler assembler, boolean answered) throws Exception {
        run(() -> {
            if (answered) {
                assembler.whenKept(batch -> {});
            }
            assembler.begin(TEXT, 1).put(Field.MESSAGE, TEXT, 0, TEXT.length);
            assembler.end();
            assembler.endBurst();
        });
        run(() -> {});
        run(() -> {});
    }

    private void run(Runnable task) throws Exception {
        loop.submit(task).get(20, TimeUnit.SECONDS);
    }

    private @Nullable SealedBatch next() throws InterruptedException {
        return handedOver.poll(20, TimeUnit.SECONDS);
    }
}
