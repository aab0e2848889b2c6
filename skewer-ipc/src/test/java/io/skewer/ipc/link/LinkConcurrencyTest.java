package io.skewer.ipc.link;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class LinkConcurrencyTest {
    private static final int SENDERS = 4;
    private static final int FRAMES_PER_SENDER = 2000;

    @Test
    void framesOfSeveralSendersArriveWholeAndInTheOrderOfEachBothWaysAtOnce() throws Exception {
        PipeTransport[] ends = PipeTransport.pair();
        Link parent = new Link(ends[0], Ends.secret(), Side.PARENT, true);
        Link child = new Link(ends[1], Ends.secret(), Side.CHILD, true);
        try (ExecutorService threads = Executors.newCachedThreadPool()) {
            List<Future<?>> work = new ArrayList<>();
            for (Link link : List.of(parent, child)) {
                work.add(threads.submit(receiving(link)));
                for (int sender = 0; sender < SENDERS; sender++) {
                    work.add(threads.submit(sending(link, sender)));
                }
            }
            for (Future<?> part : work) {
                part.get(50, TimeUnit.SECONDS);
            }
        } finally {
            parent.close();
            child.close();
        }
    }

    private static Callable<Void> sending(Link link, int sender) {
        return () -> {
            for (int i = 0; i < FRAMES_PER_SENDER; i++) {
                byte[] head = new PayloadWriter().u8(sender).u32(i).toByteArray();
                byte[] body = Ends.ascending(lengthOf(sender, i));
                if (i % 2 == 0) {
                    link.send(FrameType.BATCH, head, head.length, body, 0, body.length);
                } else {
                    byte[] joined = Ends.join(head, body);
                    link.send(FrameType.LOG, joined, 0, joined.length);
                }
            }
            return null;
        };
    }

    private static Callable<Void> receiving(Link link) {
        return () -> {
            int[] next = new int[SENDERS];
            Frame frame = new Frame();
            for (int i = 0; i < SENDERS * FRAMES_PER_SENDER; i++) {
                assertThat(link.receive(frame)).isTrue();
                check(frame, next);
            }
            assertThat(next).containsOnly(FRAMES_PER_SENDER);
            return null;
        };
    }

    private static void check(Frame frame, int[] next) throws IOException {
        PayloadReader in = frame.reader();
        int sender = in.u8();
        int number = (int) in.u32();
        assertThat(number).isEqualTo(next[sender]++);
        assertThat(frame.type()).isEqualTo(number % 2 == 0 ? FrameType.BATCH : FrameType.LOG);
        assertThat(in.raw(in.remaining())).isEqualTo(Ends.ascending(lengthOf(sender, number)));
    }

    private static int lengthOf(int sender, int number) {
        return number % 100 == 0 ? 150_000 : (number * 37 + sender) % 2000;
    }
}
