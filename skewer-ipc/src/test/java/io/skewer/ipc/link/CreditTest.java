package io.skewer.ipc.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class CreditTest {
    private final Credit credit = new Credit();

    @Test
    void oneBatchMoreThanGrantedMayBeTaken() throws Exception {
        credit.grant(100);
        credit.take(60);
        assertThat(credit.available()).isEqualTo(40);
        credit.take(60);
        assertThat(credit.available()).isEqualTo(-20);
        credit.grant(20);
        assertThat(credit.available()).isZero();
    }

    @Test
    void whoeverWaitsRunsOnceWhenTheAccountIsPositive() throws Exception {
        AtomicInteger runs = new AtomicInteger();
        credit.take(10);
        credit.whenPositive(runs::incrementAndGet);
        credit.whenPositive(runs::incrementAndGet);
        credit.grant(10);
        assertThat(runs).as("zero is not positive").hasValue(0);
        credit.grant(1);
        assertThat(runs).hasValue(2);
        credit.grant(1);
        assertThat(runs).hasValue(2);
        credit.whenPositive(runs::incrementAndGet);
        assertThat(runs).as("at once").hasValue(3);
    }

    @Test
    void whatRunsMayTakeAndWaitAgain() throws Exception {
        AtomicInteger runs = new AtomicInteger();
        Runnable takesAll = new Runnable() {
            @Override
            public void run() {
                credit.take(100);
                if (runs.incrementAndGet() < 3) {
                    credit.whenPositive(this);
                }
            }
        };
        credit.whenPositive(takesAll);
        for (int i = 1; i <= 4; i++) {
            credit.grant(100);
            assertThat(runs).hasValue(Math.min(i, 3));
        }
    }

    @Test
    void aGrantWakesAWaitingThread() throws Exception {
        CompletableFuture<Boolean> woken = awaitInThread();
        credit.grant(0);
        assertThat(woken).isNotDone();
        credit.grant(1);
        assertThat(woken.get(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void closingWakesAWaitingThreadAndForgetsTheOthers() throws Exception {
        AtomicInteger runs = new AtomicInteger();
        credit.whenPositive(runs::incrementAndGet);
        CompletableFuture<Boolean> woken = awaitInThread();
        credit.close();
        assertThat(woken.get(10, TimeUnit.SECONDS)).isFalse();
        credit.grant(1);
        credit.whenPositive(runs::incrementAndGet);
        assertThat(runs).hasValue(0);
        assertThat(credit.awaitPositive()).isFalse();
    }

    @Test
    void aNewLinkStartsWithoutCreditAndWhoWaitsWaitsOn() throws Exception {
        AtomicInteger runs = new AtomicInteger();
        credit.take(1000);
        credit.whenPositive(runs::incrementAndGet);
        credit.reset();
        assertThat(credit.available()).isZero();
        credit.grant(1);
        assertThat(runs).hasValue(1);
    }

    @Test
    void creditBeyondAllReasonIsAViolation() throws Exception {
        assertThatThrownBy(() -> credit.grant(Credit.MAX_BYTES + 1)).isInstanceOf(ProtocolViolation.class);
        assertThatThrownBy(() -> credit.grant(Long.MAX_VALUE)).isInstanceOf(ProtocolViolation.class);
        credit.grant(Credit.MAX_BYTES);
        assertThatThrownBy(() -> credit.grant(1)).isInstanceOf(ProtocolViolation.class);
        assertThatIllegalArgumentException().isThrownBy(() -> credit.grant(-1));
        assertThatIllegalArgumentException().isThrownBy(() -> credit.take(-1));
    }

    @Test
    void noWakeUpIsLostBetweenThreads() throws Exception {
        AtomicLong granted = new AtomicLong();
        Thread granting = Thread.ofPlatform().start(() -> {
            try {
                for (int i = 0; i < 20_000; i++) {
                    granted.addAndGet(10);
                    credit.grant(10);
                }
            } catch (ProtocolViolation impossible) {
                throw new AssertionError(impossible);
            }
        });
        long taken = 0;
        while (taken < 200_000) {
            assertThat(credit.awaitPositive()).isTrue();
            assertThat(taken).isLessThan(granted.get());
            credit.take(10);
            taken += 10;
        }
        granting.join();
        assertThat(credit.available()).isZero();
    }

    private CompletableFuture<Boolean> awaitInThread() throws InterruptedException {
        CompletableFuture<Boolean> woken = new CompletableFuture<>();
        Thread thread = Thread.ofPlatform().daemon().start(() -> {
            try {
                woken.complete(credit.awaitPositive());
            } catch (InterruptedException cause) {
                woken.completeExceptionally(cause);
            }
        });
        while (thread.getState() != Thread.State.WAITING && thread.isAlive()) {
            Thread.onSpinWait();
        }
        return woken;
    }
}
