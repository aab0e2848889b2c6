package io.skewer.store.segment;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import javax.crypto.SecretKey;
import org.junit.jupiter.api.Test;

class StoreKeysTest {
    @Test
    void derivedBytesAreWipedWhenTheKeyIsMade() {
        byte[] derived = new byte[32];
        Arrays.fill(derived, (byte) 7);
        byte[] before = derived.clone();
        SecretKey key = StoreKeys.toKey(derived, "AES");
        assertThat(derived).containsOnly(0);
        assertThat(key.getEncoded()).isEqualTo(before);
    }
}
