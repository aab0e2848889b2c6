package io.skewer.cli.role;

import static org.assertj.core.api.Assertions.assertThat;

import io.skewer.cli.LinkPair;
import io.skewer.core.config.ConfigReader;
import io.skewer.core.measure.Measures;
import io.skewer.core.message.BatchBuilder;
import io.skewer.core.message.Field;
import io.skewer.core.message.MessageId;
import io.skewer.core.message.Origin;
import io.skewer.core.message.RecordWriter;
import io.skewer.ipc.link.DataFrames;
import io.skewer.ipc.link.Frame;
import io.skewer.ipc.link.FrameType;
import io.skewer.ipc.link.Link;
import io.skewer.ipc.link.Settlement;
import io.skewer.sinks.Delivery;
import io.skewer.sinks.Sink;
import io.skewer.store.Store;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * S65: frames whose seal is genuine, sent by a process that has fallen, to the owners of data links: a type that is not theirs, one in a wrong
 * phase, what may be said once said twice. The link closes, the store goes on.
 */
@Timeout(60)
class SessionPhasesTest {
    private static final String DESTINATION =
            ConfigReader.defaults().main().destinations().getFirst();

    @TempDir
    Path directory;

    private Store store;

    private static final class IdleSink implements Sink {
        @Override
        public void send(Delivery delivery) {}

        @Override
        public long idle() {
            return NEVER_NS;
        }

        @Override
        public void close() {}
    }

    @BeforeEach
    void openStore() throws IOException, InterruptedException {
        store = Store.open(directory, StoreConfig.settings(ConfigReader.defaults()), new Measures(), fault -> {
            throw new AssertionError(fault);
        });
    }

    @AfterEach
    void closeStore() throws IOException, InterruptedException {
        store.close();
    }

    /** Whoever is at the end of a data link that this test does not play. */
    enum Owner {
        LISTENER,
        FORWARDER,
        INTAKE_OF_STORE,
        OFFERS_OF_STORE;

        List<FrameType> due() {
            return switch (this) {
                case LISTENER -> List.of(FrameType.CREDIT, FrameType.KEPT);
                case FORWARDER, INTAKE_OF_STORE -> List.of(FrameType.BATCH);
                case OFFERS_OF_STORE -> List.of(FrameType.CREDIT, FrameType.SETTLED);
            };
        }
    }

    /** @return the link of the owner, and the peer's end of it */
    private Link[] begin(Owner owner) throws IOException {
        return begin(owner, LinkPair.open());
    }

    private Link[] begin(Owner owner, LinkPair pair) throws IOException {
        Link[] child = {pair.child(), pair.parent()};
        Link[] parent = {pair.parent(), pair.child()};
        return switch (owner) {
            case LISTENER -> {
                new StoreLine(new Measures(), "tcp", () -> {}).join(pair.child());
                yield child;
            }
            case FORWARDER -> {
                ForwardSession.begin(pair.child(), settler -> new IdleSink(), () -> {});
                yield child;
            }
            case INTAKE_OF_STORE -> {
                IntakeSession.begin(Role.TCP, pair.parent(), store);
                yield parent;
            }
            case OFFERS_OF_STORE -> {
                OfferSession.begin(pair.parent(), store.subscribe(DESTINATION));
                yield parent;
            }
        };
    }

    @ParameterizedTest
    @EnumSource
    void everyTypeThatIsNotForItsOwnerClosesALink(Owner owner) throws Exception {
        for (FrameType type : FrameType.values()) {
            if (!owner.due().contains(type)) {
                Link[] ends = begin(owner);
                ends[1].send(type, new byte[16], 0, 16);
                awaitClosed(type + " to " + owner, ends[0]);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatIsDueButEmptyClosesALink(Owner owner) throws Exception {
        for (FrameType type : owner.due()) {
            Link[] ends = begin(owner);
            ends[1].send(type);
            awaitClosed("an empty " + type + " to " + owner, ends[0]);
        }
    }

    /** Or else whoever dies just after its start takes the store with it. */
    @ParameterizedTest
    @EnumSource
    void aPeerThatIsDeadAlreadyClosesItsLinkAndNothingElse(Owner owner) throws Exception {
        LinkPair pair = LinkPair.open();
        Link peer = owner == Owner.LISTENER || owner == Owner.FORWARDER ? pair.parent() : pair.child();
        peer.close();
        awaitClosed("a dead peer of " + owner, begin(owner, pair)[0]);
    }

    @Test
    void theStoreMayNotKeepWhatItWasNeverSent() throws Exception {
        Link[] ends = begin(Owner.LISTENER);
        DataFrames.sendCredit(ends[1], 1000);
        DataFrames.sendKept(ends[1], 1);
        awaitClosed("kept before anything was sent", ends[0]);
    }

    @Test
    void aForwarderMayNotSettleWhatItWasNeverOffered() throws Exception {
        Link[] ends = begin(Owner.OFFERS_OF_STORE);
        DataFrames.sendSettlement(ends[1], new Settlement(1, List.of(new Settlement.Range(0, 1)), List.of()));
        awaitClosed("settled before anything was offered", ends[0]);
    }

    @Test
    void aForwarderMayNotGrantWithoutEnd() throws Exception {
        Link[] ends = begin(Owner.OFFERS_OF_STORE);
        for (int i = 0; i < 1000 && !ends[0].isClosed(); i++) {
            try {
                DataFrames.sendCredit(ends[1], 0xffff_ffffL);
            } catch (IOException closed) {
                break;
            }
        }
        awaitClosed("credit beyond all reason", ends[0]);
    }

    /** Once-only: each batch has the number after the one before. */
    @Test
    void aListenerMayNotSayABatchTwice() throws Exception {
        Link[] ends = begin(Owner.INTAKE_OF_STORE);
        Frame frame = new Frame();
        assertThat(ends[1].receive(frame)).isTrue();
        assertThat(frame.type()).isEqualTo(FrameType.CREDIT);
        DataFrames.sendBatch(ends[1], 1, 0, batch());
        assertThat(ends[1].receive(frame)).isTrue();
        assertThat(DataFrames.readKept(frame)).isEqualTo(1);
        DataFrames.sendBatch(ends[1], 1, 0, batch());
        awaitClosed("the same batch again", ends[0]);
    }

    /** One message. */
    private static byte[] batch() {
        BatchBuilder builder = new BatchBuilder(new MessageId(() -> 1_000));
        RecordWriter record = builder.begin(new Origin("tcp", "1.2.3.4", 1514, "").toBytes(), 1);
        record.priority(4, 2);
        record.put(Field.MESSAGE, new byte[] {'m'}, 0, 1);
        builder.end();
        return builder.seal().bytes();
    }

    private static void awaitClosed(String what, Link link) throws InterruptedException {
        long endNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (!link.isClosed()) {
            assertThat(System.nanoTime()).as(what).isLessThan(endNs);
            Thread.sleep(1);
        }
    }
}
