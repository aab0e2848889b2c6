package io.skewer.cli.supervise;

import static org.assertj.core.api.Assertions.assertThat;

import io.skewer.cli.LinkPair;
import io.skewer.cli.log.LogLevel;
import io.skewer.cli.log.LogRecord;
import io.skewer.cli.role.Role;
import io.skewer.core.measure.Sample;
import io.skewer.core.measure.SampleBytes;
import io.skewer.ipc.link.Frame;
import io.skewer.ipc.link.FrameType;
import io.skewer.ipc.link.Transport;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class ChildTest {
    private static class NoEvents implements Child.Events {
        @Override
        public void ready(Child child) {}

        @Override
        public void started(Child child) {}

        @Override
        public void logged(Child child, LogRecord record) {}

        @Override
        public void linkLost(Child child) {}

        @Override
        public void broken(Child child, IOException cause) {}
    }

    /** A child that says nothing at its end. */
    private static final class Silence implements Transport {
        @Override
        public int read(ByteBuffer direct) {
            return -1;
        }

        @Override
        public void write(ByteBuffer direct, int... descriptors) {
            throw new AssertionError("nobody speaks to a child that way");
        }

        @Override
        public int takeDescriptor() throws IOException {
            throw new IOException("none");
        }

        @Override
        public void close() {}
    }

    @Test
    void aChildThatHangsIsAskedOnceSoTheWordToStopNeverWaitsBehindQuestions() throws Exception {
        LinkPair pair = LinkPair.open();
        Child child = new Child(Role.TCP, 1, pair.parent(), new Silence());
        Thread.ofPlatform().daemon().start(() -> child.read(new NoEvents()));
        List<CompletableFuture<List<Sample>>> answers = new ArrayList<>();
        Thread asking = Thread.ofPlatform().daemon().start(() -> {
            // Many times what the pipe holds.
            for (int i = 0; i < 20_000; i++) {
                answers.add(child.measure());
            }
        });
        assertThat(asking.join(Duration.ofSeconds(10)))
                .as("asking never blocks")
                .isTrue();
        assertThat(answers).noneMatch(CompletableFuture::isDone);
        child.stop(Duration.ofSeconds(1));

        Frame frame = new Frame();
        assertThat(pair.child().receive(frame)).isTrue();
        assertThat(frame.type()).isEqualTo(FrameType.MEASURE);
        assertThat(pair.child().receive(frame)).isTrue();
        assertThat(frame.type()).isEqualTo(FrameType.STOP);
        byte[] none = SampleBytes.encode(List.of());
        pair.child().send(FrameType.MEASURES, none, 0, none.length);
        for (CompletableFuture<List<Sample>> answer : answers) {
            assertThat(answer.get(5, TimeUnit.SECONDS)).isEmpty();
        }
    }

    @Test
    void onePatienceAtItsEndAnswersNobodyElse() throws Exception {
        LinkPair pair = LinkPair.open();
        Child child = new Child(Role.TCP, 1, pair.parent(), new Silence());
        CompletableFuture<List<Sample>> first = child.measure().completeOnTimeout(List.of(), 10, TimeUnit.MILLISECONDS);
        CompletableFuture<List<Sample>> second = child.measure();
        assertThat(first.get()).isEmpty();
        assertThat(second).isNotDone();
    }

    @Test
    void whatAChildSaidBeforeItDiedIsHeardBeforeItIsForgotten() throws Exception {
        LinkPair pair = LinkPair.open();
        Child child = new Child(Role.STORE, 1, pair.parent(), new Silence());
        Thread forgetting = Thread.ofPlatform().daemon().unstarted(child::close);
        Set<Thread.State> waitingOrOver = EnumSet.of(Thread.State.TIMED_WAITING, Thread.State.TERMINATED);
        CountDownLatch firstWord = new CountDownLatch(1);
        List<String> heard = new CopyOnWriteArrayList<>();
        for (String event : List.of("store.write_failed", "store.failed")) {
            byte[] words = new LogRecord(1, LogLevel.ERROR, "l", event, List.of(), "").toBytes();
            pair.child().send(FrameType.LOG, words, 0, words.length);
        }
        pair.child().close();
        Thread.ofPlatform()
                .daemon()
                .start(() -> child.read(new NoEvents() {
                    @Override
                    public void logged(Child from, LogRecord record) {
                        firstWord.countDown();
                        while (!waitingOrOver.contains(forgetting.getState())) {
                            Thread.onSpinWait();
                        }
                        heard.add(record.event());
                    }
                }));
        // Its end is told while its first word is being read.
        firstWord.await();
        forgetting.start();
        forgetting.join();
        assertThat(heard).containsExactly("store.write_failed", "store.failed");
    }

    /** S65: what only the supervisor says, said to it by a child that has fallen. */
    @Test
    void aTypeThatIsNotForTheSupervisorBreaksTheLinkOfThatChild() throws Exception {
        Set<FrameType> due = EnumSet.range(FrameType.READY, FrameType.LINK_LOST);
        for (FrameType type : FrameType.values()) {
            if (!due.contains(type)) {
                LinkPair pair = LinkPair.open();
                CompletableFuture<String> broken = new CompletableFuture<>();
                Child child = new Child(Role.TCP, 1, pair.parent(), new Silence());
                Thread.ofPlatform()
                        .daemon()
                        .start(() -> child.read(new NoEvents() {
                            @Override
                            public void broken(Child from, IOException cause) {
                                broken.complete(cause.getMessage());
                            }
                        }));
                pair.child().send(type, new byte[16], 0, 16);
                assertThat(broken.get(10, TimeUnit.SECONDS)).contains("is not sent " + type);
            }
        }
    }
}
