package io.skewer.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.skewer.store.deadletter.Refusal;
import io.skewer.store.frontier.StateFile;
import io.skewer.store.frontier.StoreState;
import io.skewer.store.segment.StoreKeys;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * The files of format version 1, byte for byte: what is written today must be what was written then, and what was written then must be
 * read. A change of these files is a change of the format.
 */
class GoldenTest {
    private static final List<String> TEXTS = List.of("one", "two", "three");

    private static byte[] golden(String name) throws IOException {
        try (InputStream in = GoldenTest.class.getResourceAsStream("/golden/v1/" + name)) {
            if (in == null) {
                throw new IOException("no golden file " + name);
            }
            return in.readAllBytes();
        }
    }

    /** A fixed batch: the id of a message is random, so it does not come from a builder. */
    private static byte[] fixedBatch() throws IOException {
        return golden("batch");
    }

    static SimulatedDisk written(byte[] secret, byte[] batch) throws Exception {
        SimulatedDisk disk = new SimulatedDisk();
        TestStore test = TestStore.open(disk, TestStore.settings(secret, true, 1 << 16, "kafka"));
        test.keep(batch);
        test.keep(batch);
        Subscription subscription = test.store.subscribe("kafka");
        Offer offer = subscription.next();
        assertThat(offer).isNotNull();
        subscription.settle(1, 0, 2);
        subscription.fail(1, 2, new Refusal(1, 1, "refused"));
        while (subscription.depthMessages() > 3) {
            Thread.onSpinWait();
        }
        test.store.close();
        return disk;
    }

    @Test
    void plainFilesAreWrittenAndReadAsEver() throws Exception {
        check("plain", TestStore.NO_SECRET);
    }

    @Test
    void encryptedFilesAreWrittenAndReadAsEver() throws Exception {
        check("sealed", TestStore.SECRET);
    }

    private static void check(String folder, byte[] secret) throws Exception {
        SimulatedDisk disk = written(secret, fixedBatch());
        for (String name : List.of("0000000000000001.seg", "deadletters/0000000000000001.seg")) {
            assertThat(disk.content(name)).as(name).isEqualTo(golden(folder + "/" + name.replace('/', '-')));
        }
        SimulatedDisk old = new SimulatedDisk();
        for (String name : List.of("state", "0000000000000001.seg", "deadletters/0000000000000001.seg")) {
            old.put(name, golden(folder + "/" + name.replace('/', '-')));
        }
        assertThat(DeadLetterFiles.read(old, secret)).hasSize(1);
        TestStore test = TestStore.open(old, TestStore.settings(secret, true, 1 << 16, "kafka"));
        assertThat(test.measure("skewer_queue_messages", "kafka")).isEqualTo(3);
        assertThat(TestStore.drain(test.store.subscribe("kafka"), true)).isEqualTo(TEXTS);
        assertThat(test.measure("skewer_store_damages_total")).isZero();
        test.store.close();
    }

    @Test
    void theStateIsWrittenAsEver() throws Exception {
        for (String folder : List.of("plain", "sealed")) {
            StoreKeys keys = StoreKeys.of(folder.equals("plain") ? null : TestStore.SECRET);
            byte[] golden = golden(folder + "/state");
            SimulatedDisk old = new SimulatedDisk();
            old.put("state", golden);
            if (!(StateFile.read(old, keys) instanceof StateFile.Reading.Found(StoreState state))) {
                throw new AssertionError("the golden state is not read");
            }
            SimulatedDisk disk = new SimulatedDisk();
            try (StateFile file = new StateFile(disk, keys, false)) {
                file.write(state, false);
            }
            int slot = (int) (state.generation() & 1) * golden.length / 2;
            assertThat(Arrays.copyOfRange(disk.content("state"), slot, slot + 512))
                    .isEqualTo(Arrays.copyOfRange(golden, slot, slot + 512));
        }
    }

    /** Writes the golden files anew, after a change of the format that was meant. */
    static final class Rewrite {
        private Rewrite() {}

        /** @param args the folder {@code golden/v1} */
        public static void main(String[] args) throws Exception {
            java.nio.file.Path folder = java.nio.file.Path.of(args[0]);
            java.nio.file.Path fixed = folder.resolve("batch");
            java.nio.file.Files.createDirectories(folder.resolve("plain"));
            java.nio.file.Files.createDirectories(folder.resolve("sealed"));
            if (!java.nio.file.Files.exists(fixed)) {
                java.nio.file.Files.write(fixed, TestStore.batch(TEXTS.toArray(new String[0])));
            }
            byte[] batch = java.nio.file.Files.readAllBytes(fixed);
            for (String kind : List.of("plain", "sealed")) {
                SimulatedDisk disk = written(kind.equals("plain") ? TestStore.NO_SECRET : TestStore.SECRET, batch);
                for (String name : disk.names()) {
                    java.nio.file.Files.write(folder.resolve(kind).resolve(name.replace('/', '-')), disk.content(name));
                }
            }
        }
    }
}
