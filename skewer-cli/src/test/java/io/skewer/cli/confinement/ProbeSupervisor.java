package io.skewer.cli.confinement;

import io.skewer.ipc.os.NativeSocket;
import io.skewer.ipc.spawn.Child;
import io.skewer.ipc.spawn.Launcher;
import io.skewer.ipc.spawn.LauncherEvent;
import io.skewer.ipc.spawn.Layer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * Stands where the supervisor stands, started by the real launcher: each line on its input is {@code ROLE COLLECTOR SEALED ACTION...} with
 * tabs, each line of its output what became of that process. The properties say which layers are given up, and the log directory.
 */
final class ProbeSupervisor {
    private static final int EXIT_REFUSED = 159;

    private ProbeSupervisor() {}

    public static void main(String[] arguments) throws Exception {
        var events = new LinkedBlockingQueue<LauncherEvent>();
        Launcher launcher = Launcher.ofDescriptor(Launcher.INHERITED_DESCRIPTOR, events::add);
        Set<Layer> absent = EnumSet.noneOf(Layer.class);
        for (String word : System.getProperty("probe.absent").split(",", -1)) {
            if (!word.isEmpty()) {
                absent.add(Layer.ofWord(word));
            }
        }
        var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        var out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        try {
            out.println("prepared " + launcher.prepare(absent, System.getProperty("probe.log")));
        } catch (IOException refused) {
            out.println(refused.getMessage());
        }
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            out.println(run(launcher, events, List.of(line.split("\t", -1))));
        }
        System.exit(0);
    }

    private static String run(Launcher launcher, LinkedBlockingQueue<LauncherEvent> events, List<String> words)
            throws Exception {
        Path home = Path.of(System.getProperty("skewer.home"));
        List<String> jvm = new ArrayList<>(List.of(
                words.get(1),
                "-Xmx64m",
                "-XX:-UsePerfData",
                "-XX:InitialCodeCacheSize=24m",
                "-XX:ReservedCodeCacheSize=24m",
                "-XX:TieredStopAtLevel=1",
                "-XX:+ExitOnOutOfMemoryError",
                "--enable-native-access=ALL-UNNAMED",
                "-Dskewer.native=" + home.resolve("native"),
                "-Dskewer.probe=" + home.resolve("native/libskewer_probe.so"),
                "-cp",
                home.resolve("lib/skewer-cli.jar") + ":" + home.resolve("classes"),
                ProbeMain.class.getName(),
                words.get(0),
                words.get(2)));
        jvm.addAll(words.subList(3, words.size()));
        Child child;
        try {
            child = launcher.spawn(words.get(0), jvm, false);
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
        LauncherEvent event = events.poll(30, TimeUnit.SECONDS);
        if (!(event instanceof LauncherEvent.Exited exited)) {
            return "did not end: " + event;
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
