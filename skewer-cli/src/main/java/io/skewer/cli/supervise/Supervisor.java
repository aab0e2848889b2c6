package io.skewer.cli.supervise;

import io.skewer.cli.log.LogRecord;
import io.skewer.cli.role.Role;
import io.skewer.core.measure.Counter;
import io.skewer.core.measure.Measures;
import io.skewer.core.measure.Sample;
import io.skewer.ipc.os.ProcessSeal;
import io.skewer.ipc.spawn.Launcher;
import io.skewer.ipc.spawn.LauncherEvent;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the processes of the daemon alive and joined, and ends them in order.
 *
 * <p><b>One thread.</b> All state here and in {@link Family} belongs to the one thread of {@code loop}; the threads that read the
 * children's links and the launcher's socket only post to it.
 *
 * <p><b>Birth.</b> All children are spawned at once. Each says READY when it is warm, and {@link Family#admit} gives it what it needs.
 * A child that dies before the daemon has started once ends the daemon: the cause is in the configuration or in the system, and
 * the operator is looking. After that, a child that dies is started again, for ever, with growing pauses.
 *
 * <p><b>Death.</b> Listeners first: they hand over what they have, and the store still takes it; a store that is just coming back is waited for,
 * and one that dies meanwhile is started again, within the same time. Then the store: it lets settle what is offered. Then the forwarders. Each
 * generation has the stop timeout, then it is killed. A second signal kills at once.
 */
final class Supervisor implements Child.Events {
    /** What killed processes get beyond their stop timeout to vanish. */
    private static final Duration GRACE = Duration.ofSeconds(2);

    /** Longer than the news of a death take, and a limit to how often two processes can quarrel. */
    private static final Duration LINK_PAUSE = Duration.ofSeconds(1);

    /** A third of the watchdog's time in skewer.service. */
    private static final Duration ALIVE_PERIOD = Duration.ofSeconds(10);

    /** What a child counted since is not counted when it is killed. */
    private static final Duration MEASURE_PERIOD = Duration.ofSeconds(2);

    private static final Logger LOG = LoggerFactory.getLogger(Supervisor.class);

    private final Launcher launcher;
    private final RolePlan plan;
    private final Family family;
    private final Consumer<LogRecord> logs;
    private final Runnable reopenLogs;
    private final Measures measures = new Measures();
    private final ProcessMeasures allMeasures = new ProcessMeasures(measures);
    private final Installation installation = Installation.find();
    private final ScheduledExecutorService loop =
            Executors.newSingleThreadScheduledExecutor(task -> new Thread(task, "supervise"));
    private final CompletableFuture<Integer> exit = new CompletableFuture<>();
    private final Map<Role, Backoff> backoffs = new EnumMap<>(Role.class);
    private final Set<Child> renewing = new HashSet<>();
    private final Set<Role> notYetStarted = EnumSet.noneOf(Role.class);
    private final Queue<Role.Kind> stillToStop =
            new ArrayDeque<>(List.of(Role.Kind.LISTENER, Role.Kind.STORE, Role.Kind.FORWARDER));
    private final long bornNs = System.nanoTime();
    private boolean stopAsked;
    private long stopAskedNs;
    private boolean stopping;
    private boolean killing;
    private Role.@Nullable Kind leaving;
    private int exitCode;

    /** @param logs takes what children log; must not block: their links are read by the same threads */
    Supervisor(Launcher launcher, RolePlan plan, Family family, Consumer<LogRecord> logs, Runnable reopenLogs) {
        this.launcher = launcher;
        this.plan = plan;
        this.family = family;
        this.logs = logs;
        this.reopenLogs = reopenLogs;
    }

    /** Runs the daemon. Returns its exit code when all children are gone. */
    int run() throws InterruptedException {
        post(() -> {
            notYetStarted.addAll(plan.roles());
            plan.roles().forEach(this::spawn);
            askAll();
        });
        try {
            return exit.get();
        } catch (ExecutionException cause) {
            throw new IllegalStateException("the supervisor failed", cause.getCause());
        } finally {
            loop.shutdownNow();
        }
    }

    private void post(Runnable step) {
        try {
            loop.execute(() -> take(step));
        } catch (RejectedExecutionException over) {
            // The daemon has ended; whoever still has something to tell is ended by the launcher.
            LOG.atDebug().setMessage("supervisor.told_late").setCause(over).log();
        }
    }

    private void postLater(Runnable step, Duration pause) {
        var _ = loop.schedule(() -> take(step), pause.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** A fault here must not go unseen in the executor: without its supervisor the daemon ends, and is started again by the system. */
    private void take(Runnable step) {
        try {
            step.run();
        } catch (RuntimeException fault) {
            LOG.atError().setMessage("supervisor.fault").setCause(fault).log();
            exit.completeExceptionally(fault);
        }
    }

    /** What the launcher tells; from any thread. */
    void tell(LauncherEvent event) {
        post(() -> on(event));
    }

    private void on(LauncherEvent event) {
        switch (event) {
            case LauncherEvent.Exited exited -> exited(exited);
            case LauncherEvent.Signalled signalled -> signalled(signalled.signal());
            case LauncherEvent.Lost lost -> {
                // Without the launcher nobody reaps or restarts; the kernel kills the children with it.
                LOG.atError()
                        .setMessage("launcher.lost")
                        .addKeyValue("reason", lost.reason())
                        .log();
                exit.complete(1);
            }
        }
    }

    /** Whether a process of that role has work to do: at a stop only the store has, while listeners hand over. */
    private boolean isNeeded(Role role) {
        return !stopping || (role == Role.STORE && leaving == Role.Kind.LISTENER && !killing);
    }

    private void spawn(Role role) {
        if (!isNeeded(role)) {
            return;
        }
        backoffs.computeIfAbsent(role, ignored -> new Backoff(System::nanoTime)).started();
        try {
            List<String> arguments = installation.jvmArguments(role, plan.bufferBytes(role));
            family.add(Child.spawn(launcher, role, arguments, plan.settingsFor(role), this));
        } catch (IOException cause) {
            LOG.atError()
                    .setMessage("process.not_spawned")
                    .addKeyValue("process", role.title())
                    .addKeyValue("reason", cause.getMessage())
                    .log();
            died(role);
        }
    }

    @Override
    public void ready(Child child) {
        post(() -> {
            if (!isNeeded(child.role()) || !family.has(child)) {
                return;
            }
            if (!child.isAt(Child.Phase.SPAWNED)) {
                broken(child, new IOException("it was ready before"));
                return;
            }
            try {
                family.admit(child);
            } catch (IOException cause) {
                broken(child, cause);
            }
        });
    }

    @Override
    public void started(Child child) {
        post(() -> {
            if (!isNeeded(child.role()) || !family.has(child)) {
                return;
            }
            if (!child.isAt(Child.Phase.READY)) {
                broken(child, new IOException("it started unasked"));
                return;
            }
            child.advanceTo(Child.Phase.STARTED);
            LOG.atInfo()
                    .setMessage("process.started")
                    .addKeyValue("process", child.role().title())
                    .addKeyValue("pid", child.pid())
                    .log();
            if (notYetStarted.remove(child.role()) && notYetStarted.isEmpty()) {
                LOG.atInfo()
                        .setMessage("daemon.started")
                        .addKeyValue("after_ms", (System.nanoTime() - bornNs) / 1_000_000)
                        .log();
                tellAlive();
            }
            if (stopAsked && child.role() == Role.STORE) {
                stopNow();
            }
        });
    }

    /** From the thread that does all the work: when it hangs, the watchdog of the service manager finds out. */
    private void tellAlive() {
        try {
            launcher.alive();
        } catch (IOException cause) {
            LOG.atDebug().setMessage("launcher.not_told").setCause(cause).log();
        }
        postLater(this::tellAlive, ALIVE_PERIOD);
    }

    @Override
    public void logged(Child child, LogRecord record) {
        logs.accept(record.with("process", child.role().title()));
    }

    /**
     * When the store died, its successor is joined with everybody, which a successor that takes no links yet still has before it. When it
     * lives, the two disagreed about the protocol of the link, and without a new one the child would wait for ever.
     */
    @Override
    public void linkLost(Child child) {
        post(() -> {
            Child store = family.store();
            // A child may say so as often as it likes.
            if (store != null && store.takesLinks() && isNeeded(Role.STORE) && renewing.add(child)) {
                postLater(() -> joinAgain(store, child), LINK_PAUSE);
            }
        });
    }

    private void joinAgain(Child store, Child child) {
        renewing.remove(child);
        if (!isNeeded(Role.STORE) || !family.has(store) || !family.has(child)) {
            return;
        }
        LOG.atWarn()
                .setMessage("link.renewed")
                .addKeyValue("process", child.role().title())
                .log();
        try {
            family.joinAgain(store, child);
        } catch (IOException cause) {
            // One of the two is dying, and its successor gets a link of its own.
            LOG.atDebug().setMessage("link.not_renewed").setCause(cause).log();
        }
    }

    @Override
    public void broken(Child child, IOException cause) {
        post(() -> {
            LOG.atError()
                    .setMessage("control.broken")
                    .addKeyValue("process", child.role().title())
                    .addKeyValue("reason", cause.getMessage())
                    .log();
            kill(child);
        });
    }

    private void kill(Child child) {
        try {
            launcher.kill(child.pid(), LauncherEvent.Signalled.KILL);
        } catch (IOException cause) {
            // It ended by itself, or the launcher is gone, which is told on its own.
            LOG.atDebug().setMessage("process.not_killed").setCause(cause).log();
        }
    }

    private void exited(LauncherEvent.Exited event) {
        Child child = family.ofPid(event.pid());
        if (child == null) {
            return;
        }
        boolean refused = event.value() == (event.signalled() ? LauncherEvent.Signalled.SYS : ProcessSeal.EXIT_REFUSED);
        if (refused) {
            tellRefused(child, event.signalled() ? "unknown" : child.refusedCall());
        }
        family.remove(child);
        allMeasures.ended(child);
        if (!isNeeded(child.role())) {
            if (child.role().kind() == leaving && family.ofKind(leaving).isEmpty()) {
                stopNextGeneration();
            }
            return;
        }
        LOG.atError()
                .setMessage("process.died")
                .addKeyValue("process", child.role().title())
                .addKeyValue("pid", event.pid())
                .addKeyValue(event.signalled() ? "signal" : "status", event.value())
                .log();
        died(child.role());
    }

    /** Either an attack, or a call that the policy of the role does not know and should. */
    private void tellRefused(Child child, String call) {
        LOG.atError()
                .setMessage("process.call_refused")
                .addKeyValue("process", child.role().title())
                .addKeyValue("call", call)
                .log();
        measures.counter(
                        "skewer_refused_calls_total",
                        "Children that ended because their filter refused a system call.",
                        "role",
                        child.role().title())
                .increment();
    }

    private void died(Role role) {
        if (!notYetStarted.isEmpty()) {
            LOG.atError()
                    .setMessage("daemon.not_started")
                    .addKeyValue("process", role.title())
                    .addKeyValue("reason", "its own last line, before this one, says why it ended")
                    .log();
            exitCode = 1;
            stop();
            return;
        }
        restarts(role).increment();
        Backoff backoff = backoffs.computeIfAbsent(role, ignored -> new Backoff(System::nanoTime));
        Duration pause = backoff.died();
        if (backoff.beganLoop()) {
            LOG.atError()
                    .setMessage("process.crash_loop")
                    .addKeyValue("process", role.title())
                    .addKeyValue("next_start_in_ms", pause.toMillis())
                    .log();
        }
        postLater(() -> spawn(role), pause);
    }

    private Counter restarts(Role role) {
        return measures.counter(
                "skewer_process_restarts_total", "Children started again after they died.", "role", role.title());
    }

    private void signalled(int signal) {
        switch (signal) {
            case LauncherEvent.Signalled.USR1 -> reopenLogs.run();
            case LauncherEvent.Signalled.HUP ->
                LOG.atWarn()
                        .setMessage("reload.unsupported")
                        .addKeyValue("advice", "restart to take up a changed configuration")
                        .log();
            default -> {
                if (stopAsked) {
                    killing = true;
                    stopNow();
                    family.all().forEach(child -> kill(child));
                } else {
                    LOG.atInfo()
                            .setMessage("daemon.stopping")
                            .addKeyValue("signal", signal)
                            .log();
                    stop();
                }
            }
        }
    }

    private void stop() {
        if (stopAsked) {
            return;
        }
        stopAsked = true;
        stopAskedNs = System.nanoTime();
        Child store = family.store();
        if (!notYetStarted.isEmpty() || (store != null && store.isAt(Child.Phase.STARTED))) {
            stopNow();
        } else {
            // Without a store listeners could not hand over what they have.
            postLater(this::stopNow, plan.stopTimeout());
        }
    }

    private void stopNow() {
        if (stopping) {
            return;
        }
        stopping = true;
        try {
            family.closeSockets();
        } catch (IOException cause) {
            LOG.atDebug().setMessage("socket.not_closed").setCause(cause).log();
        }
        stopNextGeneration();
    }

    /** Called when the generation before has left. */
    private void stopNextGeneration() {
        Role.Kind kind = stillToStop.poll();
        if (kind == null) {
            LOG.atInfo().setMessage("daemon.stopped").log();
            exit.complete(exitCode);
            return;
        }
        leaving = kind;
        List<Child> generation = family.ofKind(kind);
        if (generation.isEmpty()) {
            stopNextGeneration();
            return;
        }
        Duration timeout = timeToStop(kind);
        generation.forEach(child -> stop(child, timeout));
        postLater(() -> killAll(kind), timeout.plus(GRACE));
    }

    private Duration timeToStop(Role.Kind kind) {
        Duration left = plan.stopTimeout().minusNanos(System.nanoTime() - stopAskedNs);
        return kind != Role.Kind.LISTENER ? plan.stopTimeout() : left.isNegative() ? Duration.ZERO : left;
    }

    private void stop(Child child, Duration timeout) {
        boolean wasReady = child.isAtLeast(Child.Phase.READY);
        child.advanceTo(Child.Phase.STOPPING);
        try {
            if (wasReady) {
                child.stop(timeout);
                return;
            }
        } catch (IOException cause) {
            LOG.atDebug().setMessage("process.gone_before_stop").setCause(cause).log();
        }
        kill(child);
    }

    private void killAll(Role.Kind kind) {
        for (Child child : family.ofKind(kind)) {
            LOG.atWarn()
                    .setMessage("process.killed")
                    .addKeyValue("process", child.role().title())
                    .addKeyValue("reason", "did not stop in time")
                    .log();
            kill(child);
        }
    }

    /** All measures of all processes; a child that does not answer in time is counted with what it last said. Any thread. */
    List<Sample> measure() {
        CompletableFuture<ProcessMeasures.Scene> scene = new CompletableFuture<>();
        loop.execute(() -> scene.complete(allMeasures.scene(family.all())));
        return allMeasures.gather(scene.join());
    }

    /** Often enough that little of what a child counted is lost when it is killed, whether somebody looks at the measures or not. */
    private void askAll() {
        family.all().stream().filter(child -> child.isAt(Child.Phase.STARTED)).forEach(child -> {
            var _ = child.measure();
        });
        postLater(this::askAll, MEASURE_PERIOD);
    }
}
