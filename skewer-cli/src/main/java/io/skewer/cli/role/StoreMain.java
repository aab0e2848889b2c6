package io.skewer.cli.role;

import io.skewer.core.config.SkewerConfig;
import io.skewer.core.fault.FaultText;
import io.skewer.ipc.link.Link;
import io.skewer.store.Store;
import io.skewer.store.StoreSettings;
import io.skewer.store.disk.StoreInUseException;
import io.skewer.store.recover.DamagedStoreException;
import io.skewer.store.recover.WrongSecretException;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The store process: keep, offer, settle. Listeners hand batches in ({@link IntakeSession}), forwarders take them out
 * ({@link OfferSession}); nothing here opens a batch.
 */
final class StoreMain {
    /** EX_IOERR of sysexits.h. */
    private static final int EXIT_FAILED = 74;

    private static final Logger LOG = LoggerFactory.getLogger(StoreMain.class);

    private StoreMain() {}

    static void main(String[] args) throws IOException, InterruptedException {
        Control control = Control.open(Role.STORE);
        SkewerConfig config = control.settings().config();
        StoreSettings settings = StoreConfig.settings(config);
        Store store;
        try {
            store = Store.open(
                    Path.of(control.settings().storeDirectory()), settings, control.measures(), _ -> failed());
        } catch (WrongSecretException | StoreInUseException | DamagedStoreException | FileSystemException cause) {
            refused(cause);
            return;
        } finally {
            settings.secrets().wipe();
        }
        control.serve(new StoreDuty(store));
    }

    /** What the operator has to mend, so the sentence is enough. */
    private static void refused(IOException cause) {
        LOG.atError()
                .setMessage("store.refused")
                .addKeyValue("reason", FaultText.of(cause))
                .log();
        Control.halt(Control.EXIT_FAULT);
    }

    /** Nothing can be kept any more; why, the store has logged. The supervisor starts this process again, and meanwhile senders wait. */
    private static void failed() {
        Control.halt(EXIT_FAILED);
    }

    /** Joins the store with whoever the supervisor names. */
    private static final class StoreDuty implements Duty {
        private final Store store;
        private final Map<Role, IntakeSession> intakes = new ConcurrentHashMap<>();
        private final Map<Role, OfferSession> offers = new ConcurrentHashMap<>();

        StoreDuty(Store store) {
            this.store = store;
        }

        @Override
        public void join(Role peer, Link link) throws IOException {
            switch (peer.kind()) {
                case LISTENER -> {
                    IntakeSession before = intakes.put(peer, IntakeSession.begin(peer, link, store));
                    if (before != null) {
                        before.close();
                    }
                }
                case FORWARDER -> {
                    OfferSession before =
                            offers.put(peer, OfferSession.begin(link, store.subscribe(peer.destination())));
                    if (before != null) {
                        before.close();
                    }
                }
                case STORE -> throw new IllegalStateException("a store does not join a store");
            }
        }

        @Override
        public void start() {
            // Sessions begin as soon as they are joined.
        }

        @Override
        public void stop(Duration timeout) throws IOException, InterruptedException {
            intakes.values().forEach(IntakeSession::close);
            long endNs = System.nanoTime() + timeout.toNanos();
            sayWhatIsWaitedFor(timeout);
            for (OfferSession offer : offers.values()) {
                offer.drain(Duration.ofNanos(Math.max(0, endNs - System.nanoTime())));
            }
            store.close();
            sayWhatStays();
        }

        private void sayWhatIsWaitedFor(Duration timeout) {
            List<String> waitedFor = new ArrayList<>();
            offers.forEach((peer, offer) -> {
                if (!offer.isSettled()) {
                    waitedFor.add(peer.destination());
                }
            });
            if (!waitedFor.isEmpty()) {
                LOG.atInfo()
                        .setMessage("store.draining")
                        .addKeyValue("destinations", String.join(",", waitedFor))
                        .addKeyValue("at_most_ms", timeout.toMillis())
                        .log();
            }
        }

        private void sayWhatStays() {
            offers.forEach((peer, offer) -> {
                if (offer.depthMessages() > 0) {
                    LOG.atInfo()
                            .setMessage("store.not_drained")
                            .addKeyValue("destination", peer.destination())
                            .addKeyValue("messages", offer.depthMessages())
                            .addKeyValue("advice", "none is lost: they are stored, and go out after the next start")
                            .log();
                }
            });
        }
    }
}
