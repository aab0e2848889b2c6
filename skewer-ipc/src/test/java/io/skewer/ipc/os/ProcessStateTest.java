package io.skewer.ipc.os;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(OS.LINUX)
class ProcessStateTest {
    @Test
    @Timeout(60)
    void threadsMayEndWhileTheyAreLookedAt() throws Exception {
        AtomicBoolean done = new AtomicBoolean();
        Thread starting = Thread.ofPlatform().start(() -> {
            while (!done.get()) {
                Thread first = Thread.ofPlatform().start(() -> {});
                Thread second = Thread.ofPlatform().start(() -> {});
                while (first.isAlive() || second.isAlive()) {
                    Thread.onSpinWait();
                }
            }
        });
        for (int i = 0; i < 200; i++) {
            assertThat(ProcessState.read().seccompModes()).isNotEmpty();
        }
        done.set(true);
        starting.join();
    }
}
