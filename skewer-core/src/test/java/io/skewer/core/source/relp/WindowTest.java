package io.skewer.core.source.relp;

import static org.assertj.core.api.Assertions.assertThat;

import io.skewer.core.message.ByteBuilder;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

class WindowTest {
    @Property(tries = 500)
    void everyTransactionIsAnsweredOnceAndInOrderWhateverIsKeptFirst(@ForAll long seed) {
        Random random = new Random(seed);
        Window window = new Window();
        List<String> expected = new ArrayList<>();
        List<Long> batches = new ArrayList<>();
        int txnr = Window.MAX_TXNR - 10;
        for (long batch = 0; batch < 10; batch++) {
            batches.add(batch);
            for (int i = random.nextInt(4); i >= 0; i--) {
                boolean refused = random.nextInt(5) == 0;
                if (refused) {
                    window.addAnswer(txnr, "500 no");
                } else {
                    window.addMessage(txnr, batch);
                }
                expected.add(txnr + (refused ? " rsp 6 500 no" : " rsp 6 200 OK"));
                txnr = Window.after(txnr);
            }
        }
        assertThat(window.unanswered()).isEqualTo(expected.size());
        Collections.shuffle(batches, random);
        ByteBuilder out = new ByteBuilder(16);
        for (long batch : batches) {
            window.takeAnswers(out);
            window.kept(batch);
        }
        window.takeAnswers(out);
        assertThat(out.toString().lines()).containsExactlyElementsOf(expected);
        assertThat(window.isEmpty()).isTrue();
        assertThat(window.unanswered()).isZero();
    }
}
