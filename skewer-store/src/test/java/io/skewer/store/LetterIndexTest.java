package io.skewer.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.skewer.store.deadletter.Gone;
import io.skewer.store.deadletter.LetterIndex;
import io.skewer.store.deadletter.LetterIndex.Filter;
import io.skewer.store.deadletter.LetterLog;
import io.skewer.store.deadletter.Refusal;
import io.skewer.store.segment.StoreKeys;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class LetterIndexTest {
    @TempDir
    Path directory;

    private final SimulatedDisk disk = new SimulatedDisk();
    private final StoreKeys keys = StoreKeys.of(TestStore.SECRET);

    private LetterLog letters() {
        return new LetterLog(disk, keys, (where, from, to, why) -> {
            throw new AssertionError(why);
        });
    }

    private LetterIndex index() throws Exception {
        return LetterIndex.open(directory.resolve("index"), keys, letters());
    }

    /** Ten letters to "one" with reason 0 and ten to "two" with reason 1. */
    private TestStore filled() throws Exception {
        TestStore test = TestStore.open(disk, TestStore.settings(TestStore.SECRET, true, 4096, "one", "two"));
        for (String destination : List.of("one", "two")) {
            Subscription subscription = test.store.subscribe(destination);
            for (int i = 0; i < 10; i++) {
                if (destination.equals("one")) {
                    test.keep(TestStore.batch("secret text " + i));
                }
                Offer offer = Objects.requireNonNull(subscription.next());
                subscription.fail(offer.number(), 0, new Refusal(destination.equals("one") ? 0 : 1, 1, "no"));
            }
            await(() -> subscription.depthMessages() == 0);
        }
        return test;
    }

    private static void await(java.util.function.BooleanSupplier condition) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).isLessThan(end);
            TimeUnit.MILLISECONDS.sleep(5);
        }
    }

    @Test
    void lettersAreFoundByDestinationReasonSenderAndTime() throws Exception {
        filled().store.close();
        try (LetterIndex index = index()) {
            assertThat(index.find(Filter.ALL)).hasSize(20);
            assertThat(index.find(new Filter("one", null, null, 0, Long.MAX_VALUE)))
                    .hasSize(10);
            assertThat(index.find(new Filter("one", 1, null, 0, Long.MAX_VALUE)))
                    .isEmpty();
            assertThat(index.find(new Filter(null, 1, "192.0.2.1", 0, Long.MAX_VALUE)))
                    .hasSize(10);
            assertThat(index.find(new Filter(null, null, "192.0.2.2", 0, Long.MAX_VALUE)))
                    .isEmpty();
            assertThat(index.find(new Filter(null, null, null, 1_700_000_000_000L, 1_700_000_000_001L)))
                    .hasSize(20);
            assertThat(index.find(new Filter(null, null, null, 1_700_000_000_001L, Long.MAX_VALUE)))
                    .isEmpty();
        }
    }

    @Test
    void deletingOrDamagingTheIndexLosesNothing() throws Exception {
        filled().store.close();
        index().close();
        Path file = directory.resolve("index");
        Files.delete(file);
        try (LetterIndex again = index()) {
            assertThat(again.find(Filter.ALL)).hasSize(20);
        }
        byte[] whole = Files.readAllBytes(file);
        for (int length : new int[] {0, 1, 100, 1000, whole.length / 2}) {
            Files.write(file, java.util.Arrays.copyOf(whole, length));
            try (LetterIndex again = index()) {
                assertThat(again.find(Filter.ALL)).as("cut at %d", length).hasSize(20);
            }
        }
    }

    @Test
    void anIndexTakesInWhatCameAndWentSince() throws Exception {
        TestStore test = filled();
        index().close();
        test.store.dropLetters(List.of(new Gone(1, 6), new Gone(15, 16)));
        try (LetterIndex index = index()) {
            assertThat(index.find(Filter.ALL))
                    .hasSize(14)
                    .doesNotContain(1L, 5L, 15L)
                    .contains(6L, 20L);
        }
        test.store.close();
    }

    @Test
    void theIndexIsForItsOwnerOnlyAlsoWhereItWasNotBefore() throws Exception {
        filled().store.close();
        Path file = directory.resolve("index");
        for (int start = 0; start < 2; start++) {
            index().close();
            assertThat(Files.getPosixFilePermissions(file)).isEqualTo(PosixFilePermissions.fromString("rw-------"));
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        }
    }

    @Test
    void whoDoesNotOwnTheStoreLeavesNoIndexInIt() throws Exception {
        assumeThat(System.getProperty("user.name")).as("can give files away").isEqualTo("root");
        filled().store.close();
        Files.setAttribute(directory, "unix:uid", 65534);
        try (LetterIndex index = index()) {
            assertThat(index.find(Filter.ALL)).hasSize(20);
            assertThat(directory).isEmptyDirectory();
        }
    }

    @Test
    void withASecretTheIndexNamesNoSender() throws Exception {
        filled().store.close();
        index().close();
        String text = new String(Files.readAllBytes(directory.resolve("index")), StandardCharsets.ISO_8859_1);
        assertThat(text).doesNotContain("192.0.2.1").doesNotContain("secret text");
    }
}
