package io.skewer.cli.role;

import io.skewer.core.message.Batch;
import io.skewer.ipc.link.Credit;
import io.skewer.ipc.link.DataFrames;
import io.skewer.ipc.link.Frame;
import io.skewer.ipc.link.Link;
import io.skewer.ipc.link.ProtocolViolation;
import io.skewer.ipc.link.Settlement;
import io.skewer.store.Offer;
import io.skewer.store.Subscription;
import io.skewer.store.deadletter.Refusal;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One forwarder at the store's other door (verbs: offer, settle). An offering thread sends batches while there is credit; a settling
 * thread takes the answers. The forwarder grants bytes once; a batch takes its weight ({@link Batch#weightBytes}) and gives it back
 * when it is settled in full. So what a forwarder must hold, and what comes twice when it dies, is bounded in messages and in bytes.
 *
 * <p>When the link ends, so does the subscription; the next one is offered again what was on its way.
 */
final class OfferSession {
    private static final Logger LOG = LoggerFactory.getLogger(OfferSession.class);

    private final Link link;
    private final Subscription subscription;
    private final Credit credit = new Credit();
    private final Map<Long, Unsettled> unsettled = new HashMap<>();
    private final Thread offering;
    private boolean stopping;
    private volatile boolean closed;

    /** A batch on its way: how much of it is open, and what it weighs. */
    private static final class Unsettled {
        private final int weightBytes;
        private int records;

        Unsettled(int weightBytes, int records) {
            this.weightBytes = weightBytes;
            this.records = records;
        }
    }

    private OfferSession(Link link, Subscription subscription) {
        this.link = link;
        this.subscription = subscription;
        this.offering = Thread.ofPlatform().name("offer").daemon().unstarted(this::offer);
    }

    static OfferSession begin(Link link, Subscription subscription) {
        OfferSession session = new OfferSession(link, subscription);
        Thread.ofPlatform().name("settle").daemon().start(session::settle);
        session.offering.start();
        return session;
    }

    private void offer() {
        try {
            while (true) {
                Offer offer = credit.awaitPositive() ? subscription.next() : null;
                if (offer == null) {
                    return;
                }
                Batch batch = Batch.read(offer.batch(), 0, offer.batch().length);
                int weightBytes = batch.weightBytes();
                synchronized (unsettled) {
                    if (stopping) {
                        return;
                    }
                    unsettled.put(offer.number(), new Unsettled(weightBytes, batch.count() - offer.firstRecord()));
                }
                credit.take(weightBytes);
                DataFrames.sendBatch(link, offer.number(), offer.firstRecord(), offer.batch());
            }
        } catch (IOException cause) {
            broken(cause);
        } catch (InterruptedException cause) {
            // The session closes.
        }
    }

    private void settle() {
        Frame frame = new Frame();
        try {
            while (link.receive(frame)) {
                switch (frame.type()) {
                    case CREDIT -> credit.grant(DataFrames.readCredit(frame));
                    case SETTLED -> settled(DataFrames.readSettlement(frame));
                    default -> throw new ProtocolViolation("the store is not sent " + frame.type() + " by a forwarder");
                }
            }
        } catch (IOException cause) {
            broken(cause);
        } catch (InterruptedException cause) {
            // The session closes.
        }
        close();
    }

    private void settled(Settlement settled) throws ProtocolViolation, InterruptedException {
        try {
            for (Settlement.Range range : settled.delivered()) {
                subscription.settle(settled.batch(), range.from(), range.to());
            }
            for (Settlement.Failed failed : settled.failed()) {
                Refusal refusal = new Refusal(failed.reason(), failed.attempts(), failed.text());
                subscription.fail(settled.batch(), failed.record(), refusal);
            }
        } catch (IllegalArgumentException cause) {
            // A forwarder is not trusted: what it was never offered it cannot settle.
            throw new ProtocolViolation(String.valueOf(cause.getMessage()));
        }
        giveBack(settled);
    }

    /** Returns the credit of a batch of which nothing is open any more. */
    private void giveBack(Settlement settled) throws ProtocolViolation {
        int records = settled.failed().size();
        for (Settlement.Range range : settled.delivered()) {
            records += range.to() - range.from();
        }
        synchronized (unsettled) {
            Unsettled batch = unsettled.get(settled.batch());
            if (batch == null || records > batch.records) {
                throw new ProtocolViolation(
                        records + " records of batch " + settled.batch() + " settled, not that many are open");
            }
            batch.records -= records;
            if (batch.records == 0) {
                unsettled.remove(settled.batch());
                credit.grant(batch.weightBytes);
                unsettled.notifyAll();
            }
        }
    }

    /** Whether nothing is on its way. */
    boolean isSettled() {
        synchronized (unsettled) {
            return unsettled.isEmpty();
        }
    }

    /** Messages in the store that the destination has not settled, on their way or not. */
    long depthMessages() {
        return subscription.depthMessages();
    }

    /** Offers nothing new and waits, no longer than {@code timeout}, until all that is on its way is settled; then closes. */
    void drain(Duration timeout) throws InterruptedException {
        long endNs = System.nanoTime() + timeout.toNanos();
        synchronized (unsettled) {
            stopping = true;
            while (!unsettled.isEmpty()) {
                long leftMs = (endNs - System.nanoTime()) / 1_000_000;
                if (leftMs <= 0) {
                    break;
                }
                unsettled.wait(leftMs);
            }
        }
        close();
    }

    private void broken(IOException cause) {
        if (closed) {
            return;
        }
        LOG.atWarn()
                .setMessage("offer.link_broken")
                .addKeyValue("reason", cause.getMessage())
                .log();
    }

    void close() {
        closed = true;
        link.close();
        subscription.close();
        credit.close();
        synchronized (unsettled) {
            unsettled.clear();
            unsettled.notifyAll();
        }
    }
}
