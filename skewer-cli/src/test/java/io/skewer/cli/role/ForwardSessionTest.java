package io.skewer.cli.role;

import static org.assertj.core.api.Assertions.assertThat;

import io.skewer.cli.LinkPair;
import io.skewer.ipc.link.DataFrames;
import io.skewer.sinks.Delivery;
import io.skewer.sinks.Sink;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class ForwardSessionTest {
    private final CountDownLatch lost = new CountDownLatch(1);

    /** Takes nothing, ever, as while the destination is away. */
    private static final class StuckSink implements Sink {
        private final CountDownLatch closed = new CountDownLatch(1);

        @Override
        public void send(Delivery delivery) throws InterruptedException {
            new CountDownLatch(1).await();
        }

        @Override
        public long idle() {
            return NEVER_NS;
        }

        @Override
        public void close() {
            closed.countDown();
        }
    }

    @Test
    void bytesThatAreNoBatchBreakTheLinkAndTheSupervisorHearsOfIt() throws Exception {
        LinkPair pair = LinkPair.open();
        ForwardSession.begin(pair.child(), settler -> new StuckSink(), lost::countDown);
        DataFrames.sendBatch(pair.parent(), 1, 0, new byte[100]);
        assertThat(lost.await(5, TimeUnit.SECONDS)).isTrue();
        assertThat(pair.child().isClosed()).isTrue();
    }

    @Test
    void aSessionEndsWhileItsSinkIsStuckAndItsEndIsNoLoss() throws Exception {
        LinkPair pair = LinkPair.open();
        StuckSink sink = new StuckSink();
        ForwardSession session = ForwardSession.begin(pair.child(), settler -> sink, lost::countDown);
        session.close();
        assertThat(sink.closed.await(5, TimeUnit.SECONDS)).isTrue();
        assertThat(lost.await(200, TimeUnit.MILLISECONDS)).isFalse();
    }
}
