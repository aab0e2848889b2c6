package io.skewer.cli.role;

import static org.assertj.core.api.Assertions.assertThat;

import io.skewer.cli.LinkPair;
import io.skewer.core.measure.Measures;
import io.skewer.core.measure.Sample;
import io.skewer.core.message.SealedBatch;
import io.skewer.ipc.link.BatchFrame;
import io.skewer.ipc.link.DataFrames;
import io.skewer.ipc.link.Frame;
import io.skewer.ipc.link.Link;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class StoreLineTest {
    private static final int GRANT_BYTES = 1000;

    private final AtomicInteger linksLost = new AtomicInteger();
    private final Measures measures = new Measures();
    private final StoreLine line = new StoreLine(measures, "tcp", linksLost::incrementAndGet);
    private final List<Integer> kept = Collections.synchronizedList(new ArrayList<>());
    private int handedOver;

    /** The store's end of a link that the line has taken up. */
    private Link join() throws IOException {
        LinkPair pair = LinkPair.open();
        line.join(pair.child());
        return pair.parent();
    }

    private void grant(Link store) throws Exception {
        CountDownLatch granted = new CountDownLatch(1);
        DataFrames.sendCredit(store, GRANT_BYTES);
        // The line may have credit of an earlier link: what counts is that this link is in use, which the next batch
        // shows.
        line.whenReady(granted::countDown);
        assertThat(granted.await(5, TimeUnit.SECONDS)).isTrue();
    }

    private void handOver(int bytes) {
        int number = ++handedOver;
        byte[] batch = new byte[bytes];
        batch[0] = (byte) number;
        line.handOver(new SealedBatch(batch, 1), () -> kept.add(number));
    }

    private static int receive(Link store) throws IOException {
        Frame frame = new Frame();
        assertThat(store.receive(frame)).isTrue();
        BatchFrame batch = DataFrames.readBatch(frame);
        assertThat((long) batch.batch()[0]).isEqualTo(batch.number());
        return (int) batch.number();
    }

    private void awaitKept(int count) throws InterruptedException {
        for (int i = 0; i < 500 && kept.size() < count; i++) {
            Thread.sleep(10);
        }
    }

    private double messagesInFlight() {
        return measures.snapshot().stream()
                .filter(sample -> sample.name().equals("skewer_in_flight_messages"))
                .mapToDouble(Sample::value)
                .sum();
    }

    private void awaitLost(int count) throws InterruptedException {
        for (int i = 0; i < 500 && linksLost.get() < count; i++) {
            Thread.sleep(10);
        }
        assertThat(linksLost).hasValue(count);
    }

    @Test
    void whatIsNotKeptIsSentAgainInOrderOverTheNextLinkAndTheRestIsNot() throws Exception {
        Link first = join();
        grant(first);
        for (int i = 0; i < 3; i++) {
            handOver(10);
            assertThat(receive(first)).isEqualTo(i + 1);
        }
        DataFrames.sendKept(first, 1);
        awaitKept(1);
        first.close();
        awaitLost(1);
        handOver(10);
        assertThat(messagesInFlight()).isEqualTo(3);

        Link second = join();
        DataFrames.sendCredit(second, GRANT_BYTES);
        assertThat(List.of(receive(second), receive(second), receive(second))).containsExactly(2, 3, 4);
        DataFrames.sendKept(second, 4);
        awaitKept(4);
        assertThat(kept).as("each once and in order").containsExactly(1, 2, 3, 4);
        // Given back after the batches were told.
        for (int i = 0; i < 500 && line.creditBytes() < GRANT_BYTES; i++) {
            Thread.sleep(10);
        }
        assertThat(line.creditBytes()).isEqualTo(GRANT_BYTES);
        assertThat(line.messagesInFlight()).isZero();
        assertThat(messagesInFlight()).isZero();
    }

    @Test
    void theLastWordOfAStoreThatWasReplacedDoesNotTakeTheLineAwayFromItsSuccessor() throws Exception {
        Link old = join();
        Link store = join();
        grant(store);
        handOver(10);
        assertThat(receive(store)).isEqualTo(1);
        DataFrames.sendCredit(old, GRANT_BYTES);
        old.close();
        awaitLost(1);
        handOver(10);
        assertThat(receive(store)).isEqualTo(2);
    }

    @Test
    void moreCreditOnTheSameLinkSendsNothingTwice() throws Exception {
        Link store = join();
        grant(store);
        handOver(10);
        DataFrames.sendCredit(store, GRANT_BYTES);
        DataFrames.sendKept(store, 1);
        awaitKept(1);
        handOver(10);
        assertThat(List.of(receive(store), receive(store))).containsExactly(1, 2);
    }

    @Test
    void whoWaitsForCreditIsWokenByTheBatchThatIsKept() throws Exception {
        Link store = join();
        grant(store);
        handOver(GRANT_BYTES);
        assertThat(line.creditBytes()).isZero();
        CountDownLatch resumed = new CountDownLatch(1);
        line.whenReady(resumed::countDown);
        assertThat(resumed.await(50, TimeUnit.MILLISECONDS)).isFalse();
        DataFrames.sendKept(store, 1);
        assertThat(resumed.await(5, TimeUnit.SECONDS)).isTrue();
    }
}
