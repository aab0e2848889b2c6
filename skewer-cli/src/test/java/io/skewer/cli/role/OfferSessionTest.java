package io.skewer.cli.role;

import static org.assertj.core.api.Assertions.assertThat;

import io.skewer.cli.LinkPair;
import io.skewer.core.measure.Measures;
import io.skewer.core.message.Batch;
import io.skewer.core.message.BatchBuilder;
import io.skewer.core.message.Field;
import io.skewer.core.message.MessageId;
import io.skewer.core.message.RecordWriter;
import io.skewer.ipc.link.BatchFrame;
import io.skewer.ipc.link.DataFrames;
import io.skewer.ipc.link.Frame;
import io.skewer.ipc.link.Settlement;
import io.skewer.store.Store;
import io.skewer.store.StoreLimits;
import io.skewer.store.StoreSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** How much the store offers before something is settled. */
@Timeout(60)
class OfferSessionTest {
    private static final int RECORDS = 400;
    private static final int GRANT_BYTES = 1024 * 1024;
    private static final int BATCHES = 100;

    @TempDir
    private Path directory;

    private final Measures measures = new Measures();
    private Store store;

    @BeforeEach
    void open() throws Exception {
        StoreSettings settings = new StoreSettings(
                false,
                new StoreSettings.Secrets(new byte[0], List.of()),
                1 << 20,
                StoreLimits.NONE,
                false,
                List.of("one"),
                List.of("too_large"));
        store = Store.open(directory, settings, measures, failure -> {});
    }

    @AfterEach
    void close() throws Exception {
        store.close();
    }

    /** Small records that are all alike: a batch of them is a hundredth of its size when it travels. */
    private static byte[] batch(int textBytes) {
        BatchBuilder builder = new BatchBuilder(new MessageId(() -> 1_000));
        byte[] text = "a".repeat(textBytes).getBytes(java.nio.charset.StandardCharsets.US_ASCII);
        for (int i = 0; i < RECORDS; i++) {
            RecordWriter record = builder.begin(new byte[0], 42);
            record.put(Field.MESSAGE, text, 0, text.length);
            builder.end();
        }
        return builder.seal().bytes();
    }

    private void keep(byte[] batch) throws InterruptedException {
        CountDownLatch kept = new CountDownLatch(BATCHES);
        for (int i = 0; i < BATCHES; i++) {
            store.append(batch, "test", kept::countDown);
        }
        assertThat(kept.await(20, TimeUnit.SECONDS)).isTrue();
    }

    /** How many batches come before the credit is used up; then the last of them is settled, and one more comes. */
    private int offeredAtOnce(byte[] batch) throws Exception {
        keep(batch);
        LinkPair pair = LinkPair.open();
        OfferSession session = OfferSession.begin(pair.parent(), store.subscribe("one"));
        DataFrames.sendCredit(pair.child(), GRANT_BYTES);
        Frame frame = new Frame();
        int weightBytes = Batch.read(batch, 0, batch.length).weightBytes();
        int due = (GRANT_BYTES + weightBytes - 1) / weightBytes;
        assertThat(due).isLessThan(BATCHES);
        long last = 0;
        for (int i = 0; i < due; i++) {
            last = receive(pair, frame);
        }
        CountDownLatch another = new CountDownLatch(1);
        Thread reader = Thread.ofPlatform().start(() -> {
            try {
                receive(pair, new Frame());
                another.countDown();
            } catch (java.io.IOException closed) {
                // The test is over.
            }
        });
        assertThat(another.await(300, TimeUnit.MILLISECONDS))
                .as("one batch beyond the credit")
                .isFalse();
        DataFrames.sendSettlement(
                pair.child(), new Settlement(last, List.of(new Settlement.Range(0, RECORDS)), List.of()));
        assertThat(another.await(10, TimeUnit.SECONDS)).isTrue();
        reader.join();
        session.drain(Duration.ZERO);
        return due;
    }

    private static long receive(LinkPair pair, Frame frame) throws java.io.IOException {
        assertThat(pair.child().receive(frame)).isTrue();
        BatchFrame offer = DataFrames.readBatch(frame);
        return offer.number();
    }

    @Test
    void smallMessagesThatCompressWellAreBoundedByTheirNumber() throws Exception {
        byte[] batch = batch(10);
        assertThat(batch.length).isLessThan(RECORDS * Batch.RECORD_WEIGHT_BYTES / 10);
        int records = offeredAtOnce(batch) * RECORDS;
        assertThat(records).isLessThan(GRANT_BYTES / Batch.RECORD_WEIGHT_BYTES + RECORDS);
    }

    @Test
    void largeMessagesThatCompressWellAreBoundedByTheirLength() throws Exception {
        byte[] batch = batch(500);
        assertThat(batch.length).isLessThan(RECORDS * 500 / 10);
        int records = offeredAtOnce(batch) * RECORDS;
        assertThat(records * 500).isLessThan(GRANT_BYTES + RECORDS * 700);
    }
}
