package io.skewer.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skewer.store.deadletter.DeadLetter;
import io.skewer.store.deadletter.Gone;
import io.skewer.store.deadletter.LetterLog;
import io.skewer.store.deadletter.Refusal;
import io.skewer.store.order.Order;
import io.skewer.store.order.OrderFiles;
import io.skewer.store.segment.StoreKeys;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Dead letters leave again: delivered after all, or dropped. */
@Timeout(60)
class LettersTest {
    private final SimulatedDisk disk = new SimulatedDisk();
    private TestStore test;
    private Subscription subscription;

    LettersTest() throws Exception {
        open();
    }

    private void open() throws Exception {
        test = TestStore.open(disk, TestStore.settings(TestStore.SECRET, true, 4096, "one", "two"));
        subscription = test.store.subscribe("one");
    }

    private LetterLog letters() {
        return new LetterLog(disk, StoreKeys.of(TestStore.SECRET), (where, from, to, why) -> {
            throw new AssertionError(why);
        });
    }

    private Offer offer() throws InterruptedException {
        Offer offer = subscription.next();
        if (offer == null) {
            throw new AssertionError("ended");
        }
        return offer;
    }

    private void fail(String text) throws Exception {
        test.keep(TestStore.batch(text));
        subscription.fail(offer().number(), 0, new Refusal(1, 1, "refused " + text));
        Waiting.until("the letter", () -> subscription.depthMessages() == 0);
    }

    @Test
    void aReplayedLetterThatIsDeliveredIsNoLetterAnyMore() throws Exception {
        fail("a");
        fail("b");
        test.store.execute(new Order.Replay("one", List.of(new Gone(1, 3))));
        Offer first = offer();
        assertThat(TestStore.texts(first.batch())).containsExactly("a");
        subscription.settle(first.number(), 0, 1);
        Waiting.until("the letter to go", () -> letters().find(1).isEmpty());
        assertThat(letters().find(2)).isPresent();
        Waiting.until("the count", () -> test.measure("skewer_replayed_messages_total", "one") == 1);
        test.store.close();
        open();
        assertThat(letters().find(1)).isEmpty();
        assertThat(letters().find(2)).isPresent();
        test.store.close();
    }

    @Test
    void aReplayThatFailsMakesANewLetterThatKnowsTheTriesBefore() throws Exception {
        fail("a");
        test.store.execute(new Order.Replay("one", List.of(new Gone(1, 2))));
        subscription.fail(offer().number(), 0, new Refusal(0, 1, "again"));
        Waiting.until("the new letter", () -> letters().find(2).isPresent());
        DeadLetter letter = letters().find(2).orElseThrow();
        assertThat(letter.attempts()).isEqualTo(2);
        assertThat(letter.text()).isEqualTo("again");
        assertThat(letter.firstMs()).isLessThanOrEqualTo(letter.failedMs()).isPositive();
        assertThat(letters().find(1)).isEmpty();
        test.store.close();
    }

    @Test
    void aReplayThatDoesNotEndIsOfferedToTheNextConsumerAndStaysALetterAcrossARestart() throws Exception {
        fail("a");
        test.store.execute(new Order.Replay("one", List.of(new Gone(1, 2))));
        offer();
        subscription = test.store.subscribe("one");
        assertThat(TestStore.texts(offer().batch())).containsExactly("a");
        test.store.close();
        open();
        assertThat(subscription.poll()).isNull();
        assertThat(letters().find(1)).isPresent();
        test.store.close();
    }

    @Test
    void aReplayBlocksNothingAndGoesToItsDestinationOnly() throws Exception {
        fail("a");
        test.store.execute(new Order.Replay("one", List.of(new Gone(1, 2))));
        test.store.execute(new Order.Replay("two", List.of(new Gone(1, 2))));
        test.keep(TestStore.batch("b"));
        assertThat(TestStore.drain(subscription, true)).containsExactly("a", "b");
        assertThat(TestStore.drain(test.store.subscribe("two"), true)).containsExactly("a", "b");
        assertThat(test.measure("skewer_replayed_messages_total", "two")).isZero();
        test.store.close();
    }

    @Test
    void droppedLettersGoWithTheirFiles() throws Exception {
        for (int i = 0; i < 5; i++) {
            fail("x" + i);
            test.store.close();
            open();
        }
        assertThat(disk.list("deadletters")).hasSize(5);
        assertThat(test.store.execute(new Order.DropLetters(List.of(new Gone(1, 4)))))
                .isEqualTo("dropped 3 dead letters");
        assertThat(disk.list("deadletters")).doesNotContain("0000000000000001.seg", "0000000000000003.seg");
        assertThat(letters().find(4)).isPresent();
        assertThat(letters().find(5)).isPresent();
        test.store.close();
        open();
        assertThat(letters().find(3)).isEmpty();
        assertThat(letters().find(5)).isPresent();
        test.store.close();
    }

    @Test
    void ordersReachARunningStoreThroughItsDirectory() throws Exception {
        fail("a");
        OrderFiles orders = new OrderFiles(disk);
        assertThat(orders.send(1, new Order.DropLetters(List.of(new Gone(1, 2))), 10_000))
                .isEqualTo("dropped 1 dead letters");
        assertThatThrownBy(() -> orders.send(2, new Order.DropDestination("one"), 10_000))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("is configured");
        assertThatThrownBy(() -> orders.send(3, new Order.DropDestination("nobody"), 10_000))
                .hasMessageContaining("knows no destination");
        assertThat(disk.names()).doesNotContain("order", "answer");
        test.store.close();
        assertThatThrownBy(() -> orders.send(4, new Order.DropDestination("one"), 100))
                .hasMessageContaining("did not answer");
    }

    @Test
    void ordersAreReadAsTheyWereWritten() {
        for (Order order : List.of(
                new Order.DropDestination("a b"),
                new Order.DropLetters(List.of(new Gone(1, 2), new Gone(7, 100))),
                new Order.Replay("kafka", List.of(new Gone(3, 4))))) {
            assertThat(Order.parse(order.toText())).isEqualTo(order);
        }
        for (String text : List.of(
                "",
                "skewer order 1",
                "skewer order 2\ndrop-letters\n",
                "skewer order 1\neat\n",
                "skewer order 1\ndrop-letters\n0 5\n",
                "skewer order 1\ndrop-letters\n5 5\n",
                "skewer order 1\ndrop-letters\n5\n",
                "skewer order 1\ndrop-letters\nx y\n")) {
            assertThatThrownBy(() -> Order.parse(text)).isInstanceOf(IllegalArgumentException.class);
        }
        assertThat(Order.rangesOf(List.of(1L, 2L, 3L, 7L))).containsExactly(new Gone(1, 4), new Gone(7, 8));
    }
}
