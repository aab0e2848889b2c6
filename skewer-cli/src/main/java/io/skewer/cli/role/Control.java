package io.skewer.cli.role;

import io.skewer.cli.log.LogQueue;
import io.skewer.cli.log.LogRecord;
import io.skewer.cli.log.LogTarget;
import io.skewer.core.measure.Measures;
import io.skewer.core.measure.SampleBytes;
import io.skewer.ipc.link.Frame;
import io.skewer.ipc.link.FrameType;
import io.skewer.ipc.link.Greeting;
import io.skewer.ipc.link.Link;
import io.skewer.ipc.link.PayloadReader;
import io.skewer.ipc.link.ProtocolViolation;
import io.skewer.ipc.link.Side;
import io.skewer.ipc.os.Descriptors;
import io.skewer.ipc.os.NativeSocket;
import io.skewer.ipc.os.NoWeb;
import io.skewer.ipc.os.ProcessSeal;
import io.skewer.ipc.os.ProcessState;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A child's side of its control link: how it is born, takes orders, and ends.
 *
 * <p>The first bytes on the inherited socket are the {@link Greeting} with the secret of this link; everything after is sealed frames. The supervisor then
 * sends {@code SETTINGS}; the child prepares what needs no traffic, seals itself and answers {@code READY}; only now come data links and listening
 * sockets, and {@code START}. When the control link ends, the supervisor is gone, and the child with it, at once: what it had not
 * handed over was never acknowledged.
 */
final class Control {
    /** The launcher puts the control socket here (native/launch). */
    private static final int CONTROL_DESCRIPTOR = 3;

    /** Exit status when the supervisor vanished, or broke the protocol. */
    private static final int EXIT_ORPHANED = 3;

    /** Exit status after a fault that nothing caught. */
    static final int EXIT_FAULT = 70;

    private static final Logger LOG = LoggerFactory.getLogger(Control.class);

    private final Role role;
    private final Link link;
    private final Frame frame = new Frame();
    private final Settings settings;
    private final Measures measures = new Measures();

    /** Tells which system call was refused; the supervisor holds the other end. */
    private final int lastWords;

    private Control(Role role, Link link) throws IOException {
        this.role = role;
        this.link = link;
        if (!link.receive(frame) || frame.type() != FrameType.SETTINGS) {
            throw new ProtocolViolation("settings must come first");
        }
        try {
            settings = Settings.read(frame.reader());
        } finally {
            frame.wipe(); // it had the secret of the store
        }
        lastWords = link.takeDescriptor();
        LogTarget.threshold(settings.logLevel());
        LogTarget.install(new LogQueue(this::send));
    }

    /** Takes up the link to the supervisor. From here on every fault that nobody catches ends the process. */
    static Control open(Role role) throws IOException {
        Thread.setDefaultUncaughtExceptionHandler((thread, fault) -> {
            LOG.atError()
                    .setMessage("process.fault")
                    .addKeyValue("thread", thread.getName())
                    .setCause(fault)
                    .log();
            halt(EXIT_FAULT);
        });
        NoWeb.install();
        Descriptors.setCommandName("skewer-" + role.title());
        return new Control(role, Greeting.accept(NativeSocket.takingDescriptors(CONTROL_DESCRIPTOR)));
    }

    /** Ends the process at once, as nothing in it may go on; why, it has logged, and that is heard before. */
    static void halt(int status) {
        LogTarget.drain();
        Runtime.getRuntime().halt(status);
    }

    Settings settings() {
        return settings;
    }

    Measures measures() {
        return measures;
    }

    /** Says that the role is warm, then follows the supervisor's orders until it says stop. */
    void serve(Duty duty) throws IOException, InterruptedException {
        sealProcess();
        link.send(FrameType.READY);
        follow(duty);
    }

    private void follow(Duty duty) throws IOException, InterruptedException {
        while (receive()) {
            PayloadReader in = frame.reader();
            switch (frame.type()) {
                case PEER -> {
                    Peer peer;
                    try {
                        peer = Peer.read(in);
                    } finally {
                        frame.wipe();
                    }
                    join(duty, peer);
                }
                case SOCKET -> duty.listen(SocketGrant.read(in), link.takeDescriptor());
                case START -> {
                    duty.start();
                    link.send(FrameType.STARTED);
                }
                case MEASURE -> sendMeasures();
                case STOP -> {
                    Duration timeout = Duration.ofMillis(in.u32());
                    // A listener that hands over what it has may need another store for it.
                    Thread.ofPlatform().name("orders").daemon().start(() -> followMeanwhile(duty));
                    duty.stop(timeout);
                    LogTarget.drain();
                    sendMeasures();
                    link.send(FrameType.STOPPED);
                    return;
                }
                default -> throw new ProtocolViolation("a child is not sent " + frame.type());
            }
        }
    }

    private void followMeanwhile(Duty duty) {
        try {
            follow(duty);
        } catch (IOException cause) {
            throw new UncheckedIOException(cause);
        } catch (InterruptedException cause) {
            throw new IllegalStateException("nobody interrupts this thread", cause);
        }
    }

    /** Everything that needs a library or more rights is done before; nothing from outside has come in yet. */
    private void sealProcess() throws IOException {
        if (settings.sealed()) {
            WarmLibraries.load(settings);
            ProcessSeal.seal(role.title(), lastWords);
        }
        if (Files.exists(Path.of("/proc/self/status"))) {
            LOG.atInfo()
                    .setMessage("process.confined")
                    .addKeyValue("state", ProcessState.read())
                    .log();
        }
    }

    private void join(Duty duty, Peer peer) throws IOException, InterruptedException {
        // The store is the parent side of every data link: one of the two has to be.
        Side side = settings.storeDirectory().isEmpty() ? Side.CHILD : Side.PARENT;
        duty.join(peer.role(), peer.join(link, side));
    }

    private boolean receive() {
        try {
            if (link.receive(frame)) {
                return true;
            }
        } catch (IOException cause) {
            LOG.atError().setMessage("control.broken").setCause(cause).log();
        }
        Runtime.getRuntime().halt(EXIT_ORPHANED);
        return false;
    }

    private void sendMeasures() throws IOException {
        byte[] samples = SampleBytes.encode(measures.snapshot());
        link.send(FrameType.MEASURES, samples, 0, samples.length);
    }

    /** The data link to the store broke. Also the death of the store looks like that; the supervisor knows which it was. */
    void linkLost() {
        try {
            link.send(FrameType.LINK_LOST);
        } catch (IOException cause) {
            // The supervisor is gone; the reading thread ends the process.
        }
    }

    private void send(LogRecord record) {
        try {
            byte[] bytes = record.toBytes();
            link.send(FrameType.LOG, bytes, 0, bytes.length);
        } catch (IOException cause) {
            // The supervisor is gone; the reading thread ends the process.
        }
    }
}
