package io.skewer.cli.supervise;

import io.skewer.cli.log.LogRecord;
import io.skewer.cli.role.Peer;
import io.skewer.cli.role.Role;
import io.skewer.cli.role.Settings;
import io.skewer.cli.role.SocketGrant;
import io.skewer.core.config.MalformedBytes;
import io.skewer.core.measure.Sample;
import io.skewer.core.measure.SampleBytes;
import io.skewer.ipc.link.Frame;
import io.skewer.ipc.link.FrameType;
import io.skewer.ipc.link.Greeting;
import io.skewer.ipc.link.Link;
import io.skewer.ipc.link.PayloadWriter;
import io.skewer.ipc.link.ProtocolViolation;
import io.skewer.ipc.link.Transport;
import io.skewer.ipc.os.Descriptors;
import io.skewer.ipc.os.NativeSocket;
import io.skewer.ipc.os.ProcessSeal;
import io.skewer.ipc.spawn.Launcher;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One running child, seen from the supervisor: its process, its control link and how far it is. A child that dies is replaced by a
 * new object. Calls come from the supervisor's thread; a thread of its own reads the link and reports to {@link Events}.
 */
final class Child {
    /** How far a child is; only forward. */
    enum Phase {
        SPAWNED,
        READY,
        STARTED,
        STOPPING,
        GONE
    }

    /** What a child says. Called on its reading thread. */
    interface Events {
        void ready(Child child);

        void started(Child child);

        void logged(Child child, LogRecord record);

        /** Its data link to the store broke, or the store died. */
        void linkLost(Child child);

        void broken(Child child, IOException cause);
    }

    private static final long PATIENCE_MS = 1_000;

    private static final Logger LOG = LoggerFactory.getLogger(Child.class);

    private final Role role;
    private final long pid;
    private final Link control;
    private final Transport lastWords;
    private Phase phase = Phase.SPAWNED;
    private volatile List<Sample> lastSamples = List.of();
    private final AtomicReference<@Nullable CompletableFuture<List<Sample>>> measuring = new AtomicReference<>();
    private final CountDownLatch heard = new CountDownLatch(1);

    Child(Role role, long pid, Link control, Transport lastWords) {
        this.role = role;
        this.pid = pid;
        this.control = control;
        this.lastWords = lastWords;
    }

    /** Starts the process, gives it its secret and its settings. */
    static Child spawn(Launcher launcher, Role role, List<String> jvmArguments, Settings settings, Events events)
            throws IOException {
        io.skewer.ipc.spawn.Child process =
                launcher.spawn(role.title(), role.jvmArguments(jvmArguments), settings.printToStdout());
        // The control link is encrypted whatever main.encrypt_ipc says: it carries the keys and the secret of the
        // store.
        Link control = Greeting.offer(NativeSocket.ofDescriptor(process.controlDescriptor()), true);
        int[] words = Descriptors.socketPair();
        Child child = new Child(role, process.pid(), control, NativeSocket.ofDescriptor(words[0]));
        PayloadWriter payload = settings.write();
        try {
            control.send(FrameType.SETTINGS, payload, words[1]);
        } finally {
            payload.wipe();
            Descriptors.close(words[1]);
        }
        Thread.ofPlatform().name("child-" + role.title()).daemon().start(() -> child.read(events));
        return child;
    }

    void read(Events events) {
        Frame frame = new Frame();
        try {
            while (control.receive(frame)) {
                switch (frame.type()) {
                    case READY -> events.ready(this);
                    case STARTED -> events.started(this);
                    case LOG -> events.logged(this, LogRecord.fromBytes(bytes(frame)));
                    case LINK_LOST -> events.linkLost(this);
                    case MEASURES -> measured(SampleBytes.decode(bytes(frame)));
                    case STOPPED -> {
                        // Its exit follows and is what counts.
                    }
                    default -> throw new ProtocolViolation("the supervisor is not sent " + frame.type());
                }
            }
        } catch (IOException cause) {
            events.broken(this, cause);
        } catch (MalformedBytes cause) {
            events.broken(this, new IOException(cause));
        }
        measured(lastSamples);
        heard.countDown();
    }

    private static byte[] bytes(Frame frame) {
        return Arrays.copyOf(frame.payload(), frame.length());
    }

    private void measured(List<Sample> samples) {
        lastSamples = samples;
        CompletableFuture<List<Sample>> waiting = measuring.getAndSet(null);
        if (waiting != null) {
            waiting.complete(samples);
        }
    }

    /**
     * Asks for all measures; the answer never comes from a child that hangs. It is asked again only after it has answered: questions
     * that nobody reads would fill its link, and whoever sends then waits with them, up to the word to stop. Safe for use by several
     * threads.
     */
    CompletableFuture<List<Sample>> measure() {
        CompletableFuture<List<Sample>> answer = new CompletableFuture<>();
        CompletableFuture<List<Sample>> asked = measuring.compareAndExchange(null, answer);
        if (asked != null) {
            return asked.copy();
        }
        try {
            control.send(FrameType.MEASURE);
        } catch (IOException cause) {
            measured(lastSamples);
        }
        return answer.copy();
    }

    /** What the child measured when it was last asked. */
    List<Sample> lastSamples() {
        return lastSamples;
    }

    void join(Peer peer, int descriptor) throws IOException {
        PayloadWriter payload = peer.write();
        try {
            control.send(FrameType.PEER, payload, descriptor);
        } finally {
            payload.wipe();
        }
    }

    void listen(SocketGrant socket, int descriptor) throws IOException {
        control.send(FrameType.SOCKET, socket.write(), descriptor);
    }

    void start() throws IOException {
        control.send(FrameType.START);
    }

    void stop(Duration timeout) throws IOException {
        control.send(FrameType.STOP, new PayloadWriter().u32(timeout.toMillis()));
    }

    void advanceTo(Phase next) {
        if (next.ordinal() <= phase.ordinal()) {
            throw new IllegalStateException(role + ": " + phase + " cannot become " + next);
        }
        phase = next;
    }

    boolean isAtLeast(Phase wanted) {
        return phase.ordinal() >= wanted.ordinal();
    }

    boolean isAt(Phase wanted) {
        return phase == wanted;
    }

    /** Whether data links may lead to it. A listener that stops needs one to hand over what it has. */
    boolean takesLinks() {
        return phase == Phase.READY
                || phase == Phase.STARTED
                || (phase == Phase.STOPPING && role.kind() == Role.Kind.LISTENER);
    }

    Role role() {
        return role;
    }

    long pid() {
        return pid;
    }

    /** The system call that its filter refused; only after the process ended with that status. */
    String refusedCall() {
        ByteBuffer number = ByteBuffer.allocateDirect(Integer.BYTES).order(ByteOrder.nativeOrder());
        try {
            while (number.hasRemaining() && lastWords.read(number) >= 0) {
                // All four bytes, or the end.
            }
        } catch (IOException cause) {
            return "unknown";
        }
        return number.hasRemaining() ? "unknown" : ProcessSeal.nameOfCall(number.getInt(0));
    }

    /**
     * For a process that has ended: what it said last is heard before. Its link ends with it, so that waits for nothing but the reading thread,
     * which never waits for the caller; no longer than a moment, should somebody else hold the other end.
     */
    void close() {
        try {
            if (!heard.await(PATIENCE_MS, TimeUnit.MILLISECONDS)) {
                LOG.atWarn()
                        .setMessage("control.not_ended")
                        .addKeyValue("process", role.title())
                        .log();
            }
        } catch (InterruptedException cause) {
            Thread.currentThread().interrupt(); // the supervisor ends
        }
        lastWords.close();
        control.close();
    }
}
