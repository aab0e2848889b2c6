package io.skewer.ipc.spawn;

import io.skewer.ipc.os.Descriptors;
import io.skewer.ipc.os.NativePacketSocket;
import io.skewer.ipc.spawn.LauncherAnswer.Refused;
import io.skewer.ipc.spawn.LauncherAnswer.Reply;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The supervisor's end of the native launcher: starts processes, binds sockets, sends signals. Thread-safe; every call waits
 * for its answer.
 *
 * <p>One daemon thread reads. It gives answers to those who wait for them and events to the consumer, which must not ask the
 * launcher anything itself (its answer would never be read) and should only pass the event on. The end of a process can be
 * told before {@link #spawn} has returned its number.
 *
 * <p>A descriptor in an answer belongs to the caller. When the caller stopped waiting, the reader closes it.
 */
public final class Launcher implements AutoCloseable {
    /** The descriptor that the launcher leaves in every process it starts. */
    public static final int INHERITED_DESCRIPTOR = 3;

    private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(10);

    private final NativePacketSocket socket;
    private final Consumer<LauncherEvent> events;
    private final ConcurrentHashMap<Integer, CompletableFuture<Answered>> waiting = new ConcurrentHashMap<>();
    private final AtomicInteger lastRequest = new AtomicInteger();
    private final Object sending = new Object();
    private final ByteBuffer outgoing = LauncherProtocol.newPacket();
    private volatile @Nullable String lostReason;

    /** An answer with the descriptor that came along, or -1. */
    private record Answered(Reply reply, int descriptor) {}

    /** Writes one request with its id into a cleared buffer. */
    private interface Writing {
        void write(ByteBuffer out, int request);
    }

    private Launcher(NativePacketSocket socket, Consumer<LauncherEvent> events) {
        this.socket = socket;
        this.events = events;
    }

    /** Takes over the descriptor to the launcher and begins to deliver events. */
    public static Launcher ofDescriptor(int descriptor, Consumer<LauncherEvent> events) {
        return over(NativePacketSocket.ofDescriptor(descriptor), events);
    }

    static Launcher over(NativePacketSocket socket, Consumer<LauncherEvent> events) {
        var launcher = new Launcher(socket, events);
        Thread.ofPlatform().name("launcher").daemon().start(launcher::read);
        return launcher;
    }

    /**
     * Says how processes are to be confined; once, before the first {@link #spawn}.
     *
     * @param absent the layers that the configuration gives up
     * @param logDirectory the one directory that the file destination may see, or an empty string
     * @return the layers that are in force from now on
     * @throws LauncherRefusal when a layer is not possible here and not given up, or the directory cannot be used
     */
    public Set<Layer> prepare(Set<Layer> absent, String logDirectory) throws IOException {
        Answered answered =
                ask("confinement", (out, request) -> LauncherProtocol.writePrepare(out, request, absent, logDirectory));
        if (answered.reply() instanceof LauncherAnswer.Prepared(int _, Set<Layer> inForce)) {
            return inForce;
        }
        throw unexpected(answered);
    }

    /**
     * Starts the JVM of a role. The launcher knows which java that is and who it runs as.
     *
     * @param role a role of the launcher's table
     * @param jvmArguments everything behind the name of the program
     * @param keepStdout whether the child writes to the standard output of skewer; else its output goes nowhere
     * @throws LauncherRefusal when there is no such role, or the program did not start
     */
    public Child spawn(String role, List<String> jvmArguments, boolean keepStdout) throws IOException {
        var arguments = List.copyOf(jvmArguments);
        Answered answered = ask(
                "role " + role,
                (out, request) -> LauncherProtocol.writeSpawn(out, request, role, arguments, keepStdout));
        if (answered.reply() instanceof LauncherAnswer.Spawned(int _, long pid) && answered.descriptor() >= 0) {
            return new Child(pid, answered.descriptor());
        }
        throw unexpected(answered);
    }

    /**
     * Binds a socket.
     *
     * @return its descriptor: non-blocking, and listening when it is a stream
     * @throws LauncherRefusal with a sentence such as "address 127.0.0.1:1514 is in use"
     */
    public int bind(BindRequest wanted) throws IOException {
        Answered answered = ask(wanted.toString(), (out, request) -> LauncherProtocol.writeBind(out, request, wanted));
        if (answered.reply() instanceof LauncherAnswer.Bound && answered.descriptor() >= 0) {
            return answered.descriptor();
        }
        throw unexpected(answered);
    }

    /** Sends a signal to a spawned process. @throws LauncherRefusal when it ended already or was never spawned here */
    public void kill(long pid, int signal) throws IOException {
        Answered answered =
                ask("process " + pid, (out, request) -> LauncherProtocol.writeKill(out, request, pid, signal));
        if (!(answered.reply() instanceof LauncherAnswer.Killed)) {
            throw unexpected(answered);
        }
    }

    /** Says that all is at work: a service manager is told so, and its watchdog is fed. */
    public void alive() throws IOException {
        Answered answered = ask("life", LauncherProtocol::writeAlive);
        if (!(answered.reply() instanceof LauncherAnswer.Heard)) {
            throw unexpected(answered);
        }
    }

    /** Stops asking and listening. The launcher goes on until this process ends. */
    @Override
    public void close() {
        socket.close();
    }

    private Answered ask(String what, Writing writing) throws IOException {
        int request = lastRequest.incrementAndGet();
        var answer = new CompletableFuture<Answered>();
        waiting.put(request, answer);
        try {
            String lost = lostReason;
            if (lost != null) {
                throw new IOException("the launcher is gone: " + lost);
            }
            synchronized (sending) {
                writing.write(outgoing, request);
                socket.send(outgoing);
            }
            return refuseOrReturn(what, await(what, request, answer));
        } finally {
            waiting.remove(request);
        }
    }

    private Answered await(String what, int request, CompletableFuture<Answered> answer) throws IOException {
        try {
            return answer.get(ANSWER_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException tooLate) {
            giveUp(request, answer);
            throw new IOException("the launcher did not answer about " + what, tooLate);
        } catch (InterruptedException stopped) {
            giveUp(request, answer);
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while waiting for the launcher", stopped);
        } catch (ExecutionException lost) {
            throw new IOException("the launcher is gone: " + lostReason, lost.getCause());
        }
    }

    /** Whoever removes the request owns its answer: when the reader was faster, its descriptor is closed here. */
    private void giveUp(int request, CompletableFuture<Answered> answer) throws IOException {
        if (waiting.remove(request) == null && !answer.isCompletedExceptionally()) {
            discard(answer.join().descriptor());
        }
    }

    private static Answered refuseOrReturn(String what, Answered answered) throws LauncherRefusal {
        if (answered.reply() instanceof Refused(int _, int errno, String text)) {
            throw new LauncherRefusal(what + " " + text, errno);
        }
        return answered;
    }

    private static IOException unexpected(Answered answered) throws IOException {
        discard(answered.descriptor());
        return new IOException("the launcher answered something else: " + answered.reply());
    }

    private static void discard(int descriptor) throws IOException {
        if (descriptor >= 0) {
            Descriptors.close(descriptor);
        }
    }

    private void read() {
        ByteBuffer incoming = LauncherProtocol.newPacket();
        String reason = "it closed the connection";
        try {
            while (true) {
                incoming.clear();
                if (socket.receive(incoming) < 0) {
                    break;
                }
                deliver(LauncherProtocol.read(incoming.flip()));
            }
        } catch (AsynchronousCloseException closedHere) {
            reason = "it was closed here";
        } catch (IOException cause) {
            reason = String.valueOf(cause.getMessage());
        } finally {
            lose(reason);
        }
    }

    private void deliver(LauncherAnswer answer) throws IOException {
        switch (answer) {
            case LauncherAnswer.Event(LauncherEvent event) -> events.accept(event);
            case Reply reply -> {
                boolean carries = reply instanceof LauncherAnswer.Spawned || reply instanceof LauncherAnswer.Bound;
                int descriptor = carries ? socket.takeDescriptor() : -1;
                @Nullable CompletableFuture<Answered> asked = waiting.remove(reply.request());
                if (asked == null) {
                    discard(descriptor);
                } else {
                    asked.complete(new Answered(reply, descriptor));
                }
            }
        }
    }

    private void lose(String reason) {
        lostReason = reason;
        socket.close();
        waiting.values().forEach(answer -> answer.completeExceptionally(new IOException(reason)));
        events.accept(new LauncherEvent.Lost(reason));
    }
}
