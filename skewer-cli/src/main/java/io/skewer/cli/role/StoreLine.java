package io.skewer.cli.role;

import io.skewer.core.measure.Measures;
import io.skewer.core.message.SealedBatch;
import io.skewer.core.source.Outlet;
import io.skewer.ipc.link.Credit;
import io.skewer.ipc.link.DataFrames;
import io.skewer.ipc.link.Frame;
import io.skewer.ipc.link.Link;
import io.skewer.ipc.link.ProtocolViolation;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A listener's line to the store (verb: hand over).
 *
 * <p>Batches are numbered from 1 and kept here until the store says that it has them. The link under the line may be replaced at any
 * time, when the store process died and came back: everything that is not kept is then sent again, in order. That is why no
 * acknowledged message is lost by the death of the store, and why some may be stored twice.
 *
 * <p>The store grants bytes when a link begins; batches in flight use them up, and a batch that is kept gives its bytes back. While
 * there is no link the credit stands where it stood, so a listener goes on until it is used up and then stops reading.
 */
final class StoreLine implements Outlet {
    private static final Logger LOG = LoggerFactory.getLogger(StoreLine.class);

    private record InFlight(long number, SealedBatch batch, Runnable kept) {}

    /** Held while an answer is taken: the last ones of a link may come beside the first ones of its successor. */
    private final Object answering = new Object();

    private final Deque<InFlight> inFlight = new ArrayDeque<>();
    private final Credit credit = new Credit();
    private final Runnable linkLost;
    private volatile @Nullable Link newest;
    private @Nullable Link link;
    private long lastNumber;
    private long inFlightBytes;

    /**
     * @param source as it stands in the measures
     * @param linkLost run when a link breaks; batches wait for the next one
     */
    StoreLine(Measures measures, String source, Runnable linkLost) {
        this.linkLost = linkLost;
        measures.gauge(
                "skewer_in_flight_messages",
                "Messages handed over to the store that it has not kept yet.",
                this::messagesInFlight,
                "source",
                source);
    }

    /** Takes up a link to the store, once it grants credit. The line reads it on a thread of its own until it breaks. */
    void join(Link next) {
        newest = next;
        Thread.ofPlatform().name("store-line").daemon().start(() -> listen(next));
    }

    private void listen(Link source) {
        Frame frame = new Frame();
        try {
            while (source.receive(frame)) {
                synchronized (answering) {
                    take(source, frame);
                }
            }
        } catch (IOException cause) {
            LOG.atWarn()
                    .setMessage("store.link_broken")
                    .addKeyValue("reason", cause.getMessage())
                    .log();
        }
        lost(source);
        linkLost.run();
    }

    private void take(Link source, Frame frame) throws IOException {
        switch (frame.type()) {
            case CREDIT -> granted(source, DataFrames.readCredit(frame));
            case KEPT -> keptUpTo(DataFrames.readKept(frame));
            default -> throw new ProtocolViolation("a listener is not sent " + frame.type());
        }
    }

    private void lost(Link source) {
        synchronized (inFlight) {
            if (link == source) {
                link = null;
            }
        }
        source.close();
    }

    /** The store is there: what it may have missed is sent again. */
    private void granted(Link source, long bytes) throws IOException {
        synchronized (inFlight) {
            if (source != newest) {
                // The last word of a store that was replaced meanwhile.
                return;
            }
            // What is on its way takes from the new grant what it took from the old one.
            credit.reset();
            credit.take(inFlightBytes);
            if (link != source) {
                link = source;
                for (InFlight batch : inFlight) {
                    send(source, batch);
                }
            }
        }
        credit.grant(bytes);
    }

    private void keptUpTo(long number) throws ProtocolViolation {
        List<Runnable> kept = new ArrayList<>();
        long keptBytes = 0;
        synchronized (inFlight) {
            if (number > lastNumber) {
                throw new ProtocolViolation("batch " + number + " of " + lastNumber + " is kept");
            }
            while (!inFlight.isEmpty() && inFlight.getFirst().number() <= number) {
                InFlight batch = inFlight.removeFirst();
                keptBytes += batch.batch().bytes().length;
                kept.add(batch.kept());
            }
            inFlightBytes -= keptBytes;
        }
        kept.forEach(Runnable::run);
        credit.grant(keptBytes);
    }

    private void send(Link target, InFlight batch) throws IOException {
        DataFrames.sendBatch(target, batch.number(), 0, batch.batch().bytes());
    }

    @Override
    public long creditBytes() {
        return credit.available();
    }

    /** Messages handed over and not kept yet. */
    long messagesInFlight() {
        synchronized (inFlight) {
            return inFlight.stream().mapToLong(batch -> batch.batch().count()).sum();
        }
    }

    @Override
    public void handOver(SealedBatch batch, Runnable kept) {
        synchronized (inFlight) {
            InFlight entry = new InFlight(++lastNumber, batch, kept);
            inFlight.addLast(entry);
            inFlightBytes += batch.bytes().length;
            credit.take(batch.bytes().length);
            Link target = link;
            if (target == null) {
                return;
            }
            try {
                send(target, entry);
            } catch (IOException cause) {
                // The batch waits for the next link.
                lost(target);
            }
        }
    }

    @Override
    public void whenReady(Runnable resume) {
        credit.whenPositive(resume);
    }
}
