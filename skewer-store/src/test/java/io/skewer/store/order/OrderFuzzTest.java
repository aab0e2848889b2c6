package io.skewer.store.order;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;

/** Any text where an order is expected: an order that can be written again, or a refusal that fits into an answer. */
class OrderFuzzTest {
    private static final int LONGEST_REASON = 200;

    @FuzzTest
    void anyTextIsAnOrderOrRefused(byte[] bytes) {
        try {
            Order order = Order.parse(new String(bytes, StandardCharsets.UTF_8));
            assertThat(Order.parse(order.toText())).isEqualTo(order);
        } catch (IllegalArgumentException refused) {
            assertThat(String.valueOf(refused.getMessage())).hasSizeLessThan(LONGEST_REASON);
        }
    }
}
