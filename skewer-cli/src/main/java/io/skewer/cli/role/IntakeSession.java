package io.skewer.cli.role;

import io.skewer.ipc.link.BatchFrame;
import io.skewer.ipc.link.DataFrames;
import io.skewer.ipc.link.Frame;
import io.skewer.ipc.link.Link;
import io.skewer.ipc.link.ProtocolViolation;
import io.skewer.store.Store;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One listener at the store's door (verb: keep). A reading thread appends what comes; an answering thread says up to which batch all
 * is kept. They are two, so that a listener that does not read its answers can hold up nobody but itself.
 *
 * <p>The grant bounds the memory that a listener can take here: bytes received and not yet kept.
 */
final class IntakeSession {
    /** Enough for the disk to work on one part while the next comes in: sixteen full batches. */
    private static final int GRANT_BYTES = 4 * 1024 * 1024;

    private static final Logger LOG = LoggerFactory.getLogger(IntakeSession.class);

    private final Role listener;
    private final Link link;
    private final Store store;
    private final Object changed = new Object();
    private long kept;
    private long notKeptBytes;
    private boolean closed;

    private IntakeSession(Role listener, Link link, Store store) {
        this.listener = listener;
        this.link = link;
        this.store = store;
    }

    static IntakeSession begin(Role listener, Link link, Store store) throws IOException {
        IntakeSession session = new IntakeSession(listener, link, store);
        DataFrames.sendCredit(link, GRANT_BYTES);
        Thread.ofPlatform().name("keep-" + listener.title()).daemon().start(session::keep);
        Thread.ofPlatform().name("answer-" + listener.title()).daemon().start(session::answer);
        return session;
    }

    private void keep() {
        Frame frame = new Frame();
        long expected = 0;
        try {
            while (link.receive(frame)) {
                BatchFrame batch = DataFrames.readBatch(frame);
                long number = batch.number();
                if (expected != 0 && number != expected) {
                    throw new ProtocolViolation("batch " + number + " instead of " + expected);
                }
                expected = number + 1;
                append(batch.batch(), number);
            }
        } catch (IOException cause) {
            logBroken(cause);
        }
        close();
    }

    private void logBroken(IOException cause) {
        synchronized (changed) {
            if (closed) {
                return;
            }
        }
        LOG.atWarn()
                .setMessage("intake.link_broken")
                .addKeyValue("listener", listener.title())
                .addKeyValue("reason", cause.getMessage())
                .log();
    }

    private void append(byte[] batch, long number) throws IOException {
        synchronized (changed) {
            // Each event loop of a listener may end one batch beyond the grant.
            if (notKeptBytes > 2 * GRANT_BYTES) {
                throw new ProtocolViolation("more sent than granted: " + notKeptBytes + " bytes are not kept yet");
            }
            notKeptBytes += batch.length;
        }
        try {
            store.append(batch, () -> keptUpTo(number, batch.length));
        } catch (IllegalArgumentException cause) {
            // A listener is not trusted: it reads what strangers send.
            throw new ProtocolViolation(String.valueOf(cause.getMessage()));
        } catch (IllegalStateException cause) {
            // A stop does not wait for those who are still sending: they were not told that this is kept.
            throw new IOException("the store takes nothing any more", cause);
        }
    }

    private void keptUpTo(long number, int bytes) {
        synchronized (changed) {
            notKeptBytes -= bytes;
            kept = number;
            changed.notifyAll();
        }
    }

    private void answer() {
        long answered = 0;
        try {
            while (true) {
                synchronized (changed) {
                    while (kept == answered && !closed) {
                        changed.wait();
                    }
                    if (closed) {
                        return;
                    }
                    answered = kept;
                }
                DataFrames.sendKept(link, answered);
            }
        } catch (IOException | InterruptedException cause) {
            close();
        }
    }

    void close() {
        synchronized (changed) {
            closed = true;
            changed.notifyAll();
        }
        link.close();
    }
}
