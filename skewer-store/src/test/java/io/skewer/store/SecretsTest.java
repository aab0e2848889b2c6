package io.skewer.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skewer.store.deadletter.Refusal;
import io.skewer.store.recover.WrongSecretException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A secret is changed while messages wait. */
@Timeout(60)
class SecretsTest {
    private static final byte[] FIRST = TestStore.SECRET;
    private static final byte[] SECOND = "ffffffffffffffffffffffffffffffff".getBytes(StandardCharsets.US_ASCII);

    private final SimulatedDisk disk = new SimulatedDisk();

    private TestStore open(byte[] present, byte[]... old) throws Exception {
        var secrets = new StoreSettings.Secrets(present, List.of(old));
        return TestStore.open(disk, TestStore.settings(secrets, true, 4096, StoreLimits.NONE, "one"));
    }

    private void keep(TestStore test, String text) throws Exception {
        test.keep(TestStore.batch(text));
        test.store.close();
    }

    @Test
    void afterARotationWhatTheOldSecretEncryptedIsReadAndNewFilesHaveTheNewOne() throws Exception {
        keep(open(FIRST), "first");
        keep(open(SECOND, FIRST), "second");
        assertThatThrownBy(() -> open(SECOND)).isInstanceOf(WrongSecretException.class);
        assertThatThrownBy(() -> open(FIRST)).isInstanceOf(WrongSecretException.class);
        TestStore both = open(SECOND, FIRST);
        assertThat(TestStore.drain(both.store.subscribe("one"), true)).containsExactly("first", "second");
        both.store.close();
        TestStore only = open(SECOND);
        assertThat(only.measure("skewer_queue_messages")).isZero();
        assertThat(only.measure("skewer_store_damages_total")).isZero();
        keep(only, "third");
    }

    /** What is derived later, for new segments and for the state, needs them no more. */
    @Test
    void aStoreGoesOnWhenTheSecretsThatItWasOpenedWithAreWiped() throws Exception {
        byte[] present = SECOND.clone();
        byte[] old = FIRST.clone();
        keep(open(FIRST), "first");
        var secrets = new StoreSettings.Secrets(present, List.of(old));
        TestStore test = TestStore.open(disk, TestStore.settings(secrets, true, 4096, StoreLimits.NONE, "one"));
        secrets.wipe();
        assertThat(present).containsOnly(0);
        assertThat(old).containsOnly(0);
        keep(test, "second");
        TestStore both = open(SECOND, FIRST);
        assertThat(TestStore.drain(both.store.subscribe("one"), true)).containsExactly("first", "second");
        both.store.close();
    }

    @Test
    void aMissingOldSecretIsRefusedByItsIdBeforeAnythingIsTouched() throws Exception {
        keep(open(FIRST), "first");
        long changes = disk.changes();
        List<String> names = disk.names();
        assertThatThrownBy(() -> open(SECOND))
                .isInstanceOf(WrongSecretException.class)
                .hasMessageContaining("encrypted with the secret with id");
        assertThat(disk.changes()).isEqualTo(changes);
        assertThat(disk.names()).isEqualTo(names);
    }

    @Test
    void encryptionCanBeTurnedOnForAStoreThatHadNone() throws Exception {
        keep(open(TestStore.NO_SECRET), "plain");
        keep(open(FIRST, TestStore.NO_SECRET), "sealed");
        TestStore test = open(FIRST, TestStore.NO_SECRET);
        assertThat(TestStore.drain(test.store.subscribe("one"), false)).containsExactly("plain", "sealed");
        test.store.close();
        assertThat(new String(disk.content("0000000000000001.seg"), StandardCharsets.ISO_8859_1))
                .contains("plain");
        assertThat(new String(disk.content("0000000000000002.seg"), StandardCharsets.ISO_8859_1))
                .doesNotContain("sealed");
    }

    @Test
    void deadLettersOfAnOldSecretAreReadToo() throws Exception {
        TestStore test = open(FIRST);
        test.keep(TestStore.batch("bad"));
        Subscription subscription = test.store.subscribe("one");
        Offer offer = subscription.next();
        assertThat(offer).isNotNull();
        subscription.fail(java.util.Objects.requireNonNull(offer).number(), 0, new Refusal(1, 1, "no"));
        Waiting.until("the letter", () -> subscription.depthMessages() == 0);
        test.store.close();
        TestStore again = open(SECOND, FIRST);
        Subscription second = again.store.subscribe("one");
        assertThat(again.store.replay("one", List.of(1L))).isTrue();
        assertThat(TestStore.drain(second, true)).containsExactly("bad");
        again.store.close();
    }
}
