package io.skewer.cli.command;

import io.skewer.ipc.os.ProcessState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code skewer status}: asks the kernel, not the daemon, so a process that lies about itself shows all the same. */
@Command(
        name = "status",
        description = {
            "Show how each process of skewer on this machine is confined.",
            "Namespaces and open files of other users' processes are visible to root only.",
            "Landlock shows nowhere but in the log of the start: confinement.prepared."
        })
final class Status implements Callable<Integer> {
    private static final Path PROC = Path.of("/proc");

    /** What may be root: the launcher, and what waits for its end to remove files. */
    private static final Set<String> PRIVILEGED = Set.of("skewer-launch", "skewer-remover");

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException {
        if (!Files.exists(PROC.resolve("self/status"))) {
            return Answer.print(spec, "This system has no confinement: processes and sealed links only.\n");
        }
        Map<String, String> own = ProcessState.read().namespaces();
        StringBuilder text = new StringBuilder();
        for (Path process : processes()) {
            try {
                describe(process, own, text);
            } catch (IOException ended) {
                // Between the listing and the look.
            }
        }
        return Answer.print(spec, text.isEmpty() ? "skewer does not run\n" : text.toString());
    }

    private static List<Path> processes() throws IOException {
        try (Stream<Path> entries = Files.list(PROC)) {
            return entries.filter(entry -> entry.getFileName().toString().matches("\\d+"))
                    .sorted(Comparator.comparingLong(
                            entry -> Long.parseLong(entry.getFileName().toString())))
                    .toList();
        }
    }

    private static void describe(Path process, Map<String, String> own, StringBuilder text) throws IOException {
        String program = Files.readString(process.resolve("cmdline")).split("\0", 2)[0];
        String title = program.substring(program.lastIndexOf('/') + 1);
        if (!title.equals("skewer") && !title.startsWith("skewer-")) {
            return;
        }
        ProcessState state = ProcessState.of(process);
        text.append(process.getFileName())
                .append(' ')
                .append(title)
                .append(": ")
                .append(state);
        if (PRIVILEGED.contains(title)) {
            text.append(" host_privileges=").append(hostPrivileges(state, own));
        } else {
            text.append(" off=").append(off(state, own));
        }
        text.append('\n');
    }

    /** Capabilities in a user namespace of its own are worth nothing on the host. */
    private static String hostPrivileges(ProcessState state, Map<String, String> own) {
        if (state.uid() == 0) {
            return "root";
        }
        if (state.holdsNoCapabilities()) {
            return "none";
        }
        if (state.namespaces().isEmpty()) {
            return "hidden";
        }
        return own.getOrDefault("user", "").equals(state.namespaces().get("user")) ? "capabilities" : "none";
    }

    /** The layers that are not there. */
    private static String off(ProcessState state, Map<String, String> own) {
        List<String> off = new ArrayList<>();
        if (!state.isWithoutCapabilities()) {
            off.add("capabilities");
        }
        if (!state.namespaces().isEmpty()
                && List.of("mnt", "pid", "ipc", "uts").stream()
                        .anyMatch(kind -> own.getOrDefault(kind, "")
                                .equals(state.namespaces().get(kind)))) {
            off.add("namespaces");
        }
        if (!state.seccompModes().equals(List.of("2"))) {
            off.add("seccomp");
        } else if (state.filters() < 2) {
            off.add("seal");
        }
        if (state.uid() == 0) {
            off.add("uid");
        }
        return off.isEmpty() ? "none" : String.join(",", off);
    }
}
