package io.skewer.cli.confinement;

import io.skewer.cli.supervise.ShippedFlags;
import io.skewer.ipc.os.NativeSocket;
import io.skewer.ipc.spawn.Child;
import io.skewer.ipc.spawn.Launcher;
import io.skewer.ipc.spawn.LauncherEvent;
import io.skewer.ipc.spawn.Layer;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Stands where the supervisor stands, started by the real launcher: each line of its commands is {@code ID ROLE COLLECTOR SEALED ACTION...} with
 * tabs, each line of its output {@code ID OUTCOME}, in the order in which the processes end; a few run at a time. The properties say which layers
 * are given up, and the log directory.
 */
final class ProbeSupervisor {
    private static final int EXIT_REFUSED = 159;
    private static final int AT_A_TIME = 4;
    private static final int PATIENCE_S = 60;

    private final Map<Long, CompletableFuture<LauncherEvent.Exited>> exits = new ConcurrentHashMap<>();
    private final Launcher launcher = Launcher.ofDescriptor(Launcher.INHERITED_DESCRIPTOR, this::on);

    private ProbeSupervisor() {}

    public static void main(String[] arguments) throws Exception {
        new ProbeSupervisor().serve();
        System.exit(0);
    }

    /** The news of an end may come before the answer that names the process. */
    private CompletableFuture<LauncherEvent.Exited> exitOf(long pid) {
        return exits.computeIfAbsent(pid, ignored -> new CompletableFuture<>());
    }

    private void on(LauncherEvent event) {
        if (event instanceof LauncherEvent.Exited exited) {
            exitOf(exited.pid()).complete(exited);
        }
    }

    private void serve() throws Exception {
        Set<Layer> absent = EnumSet.noneOf(Layer.class);
        for (String word : System.getProperty("probe.absent").split(",", -1)) {
            if (!word.isEmpty()) {
                absent.add(Layer.ofWord(word));
            }
        }
        var in = Files.newBufferedReader(Path.of(System.getProperty("probe.commands")));
        var out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        try {
            out.println("prepared " + launcher.prepare(absent, System.getProperty("probe.log")));
        } catch (IOException refused) {
            out.println(refused.getMessage());
        }
        try (ExecutorService running = Executors.newFixedThreadPool(AT_A_TIME)) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                List<String> words = List.of(line.split("\t", -1));
                running.execute(() -> out.println(words.getFirst() + "\t" + outcome(words.subList(1, words.size()))));
            }
        }
    }

    private String outcome(List<String> words) {
        try {
            return run(words);
        } catch (IOException | InterruptedException fault) {
            return "fault: " + fault.getMessage();
        }
    }

    /** The flags are those that skewer ships, but for the collector, the heap and the classes of the probes. */
    private static List<String> jvmArguments(List<String> words) {
        Path home = Path.of(System.getProperty("skewer.home"));
        List<String> jvm = new ArrayList<>(ShippedFlags.of(words.get(0)));
        jvm.remove("-XX:+UseSerialGC");
        jvm.set(jvm.size() - 1, jvm.getLast() + ":" + home.resolve("classes"));
        jvm.addAll(List.of(
                words.get(1),
                "-Xms64m",
                "-Xmx64m",
                "-XX:TieredStopAtLevel=1",
                "-Dskewer.probe=" + home.resolve("native/libskewer_probe.so"),
                ProbeMain.class.getName(),
                words.get(0),
                words.get(2)));
        jvm.addAll(words.subList(3, words.size()));
        return jvm;
    }

    private String run(List<String> words) throws IOException, InterruptedException {
        Child child;
        try {
            child = launcher.spawn(words.get(0), jvmArguments(words), false);
        } catch (IOException refused) {
            return "not spawned: " + refused.getMessage();
        }
        NativeSocket control = NativeSocket.ofDescriptor(child.controlDescriptor());
        ByteBuffer said = ByteBuffer.allocateDirect(4096);
        while (control.read(said) >= 0) {
            // Until its end.
        }
        control.close();
        byte[] text = new byte[said.flip().remaining()];
        said.get(text);
        LauncherEvent.Exited exited;
        try {
            exited = exitOf(child.pid()).get(PATIENCE_S, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException never) {
            return "did not end";
        }
        if (exited.signalled()) {
            return exited.value() == LauncherEvent.Signalled.SYS ? "killed" : "signal " + exited.value();
        }
        if (exited.value() == EXIT_REFUSED) {
            return "refused";
        }
        return exited.value() == 0 ? new String(text, StandardCharsets.UTF_8) : "exit " + exited.value();
    }
}
