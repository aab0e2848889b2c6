package io.skewer.cli.role;

import io.skewer.core.message.Batch;
import io.skewer.ipc.link.BatchFrame;
import io.skewer.ipc.link.DataFrames;
import io.skewer.ipc.link.Frame;
import io.skewer.ipc.link.Link;
import io.skewer.ipc.link.ProtocolViolation;
import io.skewer.ipc.link.Settlement;
import io.skewer.sinks.Delivery;
import io.skewer.sinks.Failure;
import io.skewer.sinks.Settler;
import io.skewer.sinks.Sink;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A forwarder's line to the store and the sink behind it. A reading thread takes offers in, a sending thread gives them to the sink,
 * answers go back from whatever thread the sink has. The queue between is bounded by the bytes granted to the store.
 *
 * <p>A sink belongs to one session: when the store dies, what it offered is offered again by its successor, so late answers of this
 * sink must reach nobody.
 */
final class ForwardSession implements Settler {
    /**
     * What may be offered and not settled, as {@link Batch#weightBytes} counts: at most 65 536 messages and one batch, some 60 ms of the fastest
     * line to Kafka, half of the producer's buffer. It bounds the memory of this process and what comes twice when it dies.
     */
    static final int GRANT_BYTES = 16 * 1024 * 1024;

    private static final Logger LOG = LoggerFactory.getLogger(ForwardSession.class);

    private final Link link;
    private final Sink sink;
    private final BlockingQueue<Delivery> offered = new LinkedBlockingQueue<>();
    private final Thread sending;
    private final Runnable linkLost;
    private volatile boolean closing;

    private ForwardSession(Link link, Function<Settler, Sink> sinks, Runnable linkLost) {
        this.link = link;
        this.linkLost = linkLost;
        this.sink = sinks.apply(this);
        this.sending = Thread.ofPlatform().name("send").daemon().unstarted(this::send);
    }

    /** @param linkLost run when the link breaks, unless this session was closed before */
    static ForwardSession begin(Link link, Function<Settler, Sink> sinks, Runnable linkLost) {
        ForwardSession session = new ForwardSession(link, sinks, linkLost);
        session.sending.start();
        Thread.ofPlatform().name("take").daemon().start(session::take);
        return session;
    }

    private void take() {
        Frame frame = new Frame();
        try {
            DataFrames.sendCredit(link, GRANT_BYTES);
            while (link.receive(frame)) {
                offered.add(delivery(DataFrames.readBatch(frame)));
            }
        } catch (IOException cause) {
            broken(cause);
        }
        link.close();
        if (!closing) {
            linkLost.run();
        }
    }

    private static Delivery delivery(BatchFrame offer) throws ProtocolViolation {
        try {
            Batch batch = Batch.read(offer.batch(), 0, offer.batch().length);
            if (offer.firstRecord() >= batch.count()) {
                throw new ProtocolViolation("record " + offer.firstRecord() + " of " + batch.count());
            }
        } catch (IllegalArgumentException cause) {
            throw new ProtocolViolation("offered bytes are no batch: " + cause.getMessage());
        }
        return new Delivery(offer.number(), offer.firstRecord(), offer.batch());
    }

    private void send() {
        try {
            while (true) {
                Delivery delivery = offered.poll();
                while (delivery == null) {
                    delivery = offered.poll(sink.idle(), TimeUnit.NANOSECONDS);
                }
                sink.send(delivery);
            }
        } catch (InterruptedException cause) {
            // The session closes.
        }
    }

    @Override
    public void delivered(long batch, int from, int to) {
        answer(new Settlement(batch, List.of(new Settlement.Range(from, to)), List.of()));
    }

    @Override
    public void failed(long batch, int record, Failure failure) {
        answer(new Settlement(
                batch,
                List.of(),
                List.of(new Settlement.Failed(record, failure.reason().code(), failure.attempts(), failure.text()))));
    }

    private void answer(Settlement settlement) {
        try {
            DataFrames.sendSettlement(link, settlement);
        } catch (IOException cause) {
            // The store is gone: it will offer these records again.
        }
    }

    private void broken(IOException cause) {
        if (closing) {
            return;
        }
        LOG.atWarn()
                .setMessage("store.link_broken")
                .addKeyValue("reason", cause.getMessage())
                .log();
    }

    void close() throws InterruptedException {
        closing = true;
        sending.interrupt();
        sending.join();
        sink.close();
        link.close();
    }
}
