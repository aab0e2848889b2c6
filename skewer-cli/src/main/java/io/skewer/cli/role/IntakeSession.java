package io.skewer.cli.role;

import io.skewer.ipc.link.BatchFrame;
import io.skewer.ipc.link.DataFrames;
import io.skewer.ipc.link.Frame;
import io.skewer.ipc.link.Link;
import io.skewer.ipc.link.ProtocolViolation;
import io.skewer.store.Store;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One listener at the store's door (verb: keep). A reading thread appends what comes; an answering thread says up to which batch all
 * is kept. They are two, so that a listener that does not read its answers can hold up nobody but itself.
 *
 * <p>The number that is kept only rises: batches of one session are appended in their order by its reading thread, kept in that order by the one
 * commit thread, also when a write fails and they go to another file, and {@link #kept} is written by no other. The commit thread writes it and then looks
 * whether anybody sleeps; the answering thread says that it sleeps and then looks at it. All accesses to volatile fields have one order, so one of the two
 * sees the other, and an answer cannot be missed; a wake-up too many costs one look. What an old session says goes over its own link: it
 * can reach nobody else.
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
    private final Thread answering;
    private final AtomicLong notKeptBytes = new AtomicLong();
    private volatile long kept;
    private volatile boolean closed;
    /** Set before the answering thread looks a last time and sleeps: whoever has news after that wakes it. Nobody holds a lock meanwhile. */
    private volatile boolean asleep;

    private IntakeSession(Role listener, Link link, Store store) {
        this.listener = listener;
        this.link = link;
        this.store = store;
        answering =
                Thread.ofPlatform().name("answer-" + listener.title()).daemon().unstarted(this::answer);
    }

    /** Never waits for the listener, and does not care whether it is still alive: that is found out by the threads. */
    static IntakeSession begin(Role listener, Link link, Store store) {
        IntakeSession session = new IntakeSession(listener, link, store);
        Thread.ofPlatform().name("keep-" + listener.title()).daemon().start(session::keep);
        session.answering.start();
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
        if (closed) {
            return;
        }
        LOG.atWarn()
                .setMessage("intake.link_broken")
                .addKeyValue("listener", listener.title())
                .addKeyValue("reason", cause.getMessage())
                .log();
    }

    private void append(byte[] batch, long number) throws IOException {
        // Each event loop of a listener may end one batch beyond the grant.
        long open = notKeptBytes.get();
        if (open > 2 * GRANT_BYTES) {
            throw new ProtocolViolation("more sent than granted: " + open + " bytes are not kept yet");
        }
        notKeptBytes.addAndGet(batch.length);
        try {
            store.append(batch, listener.title(), () -> keptUpTo(number, batch.length));
        } catch (IllegalArgumentException cause) {
            // A listener is not trusted: it reads what strangers send.
            throw new ProtocolViolation(String.valueOf(cause.getMessage()));
        } catch (IllegalStateException cause) {
            // A stop does not wait for those who are still sending: they were not told that this is kept.
            throw new IOException("the store takes nothing any more", cause);
        }
    }

    private void keptUpTo(long number, int bytes) {
        notKeptBytes.addAndGet(-bytes);
        kept = number;
        wake();
    }

    private void wake() {
        if (asleep) {
            LockSupport.unpark(answering);
        }
    }

    private void answer() {
        long answered = 0;
        try {
            DataFrames.sendCredit(link, GRANT_BYTES);
            while (!closed) {
                long now = kept;
                if (now == answered) {
                    sleepAfter(answered);
                } else {
                    DataFrames.sendKept(link, now);
                    answered = now;
                }
            }
        } catch (IOException cause) {
            close();
        }
    }

    private void sleepAfter(long answered) {
        asleep = true;
        if (kept == answered && !closed) {
            LockSupport.park(this);
        }
        asleep = false;
    }

    void close() {
        closed = true;
        wake();
        link.close();
    }
}
