package io.skewer.cli.command;

import io.skewer.ipc.os.ProcessState;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
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
    /** What may be root: the launcher, and what waits for its end to remove files. */
    private static final Set<String> PRIVILEGED = Set.of("skewer-launch", "skewer-remover");

    private final Path proc;
    private final Path passwd;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(
            names = "--json",
            description = "Answer with one JSON object in a line per process, and all that the kernel says.")
    private boolean json;

    Status() {
        this(Path.of("/proc"), Path.of("/etc/passwd"));
    }

    Status(Path proc, Path passwd) {
        this.proc = proc;
        this.passwd = passwd;
    }

    @Override
    public Integer call() throws IOException {
        if (!Files.exists(proc.resolve("self/status"))) {
            return Answer.print(spec, json ? "" : "This system has no confinement: processes and sealed links only.\n");
        }
        Map<String, String> own = ProcessState.of(proc.resolve("self")).namespaces();
        Map<Long, String> users = users();
        Rows rows = new Rows();
        for (Path process : processes()) {
            try {
                addTo(rows, process, own, users);
            } catch (IOException ended) {
                // Between the listing and the look.
            }
        }
        String text = rows.text(json);
        return Answer.print(spec, text.isEmpty() && !json ? "skewer does not run\n" : text);
    }

    private List<Path> processes() throws IOException {
        try (Stream<Path> entries = Files.list(proc)) {
            return entries.filter(entry -> entry.getFileName().toString().matches("\\d+"))
                    .sorted(Comparator.comparingLong(
                            entry -> Long.parseLong(entry.getFileName().toString())))
                    .toList();
        }
    }

    /** Names by number; a process that hides itself belongs to root in {@code /proc}, so the file system cannot be asked. */
    private Map<Long, String> users() throws IOException {
        Map<Long, String> users = new HashMap<>();
        if (Files.isReadable(passwd)) {
            for (String line : Files.readAllLines(passwd, StandardCharsets.ISO_8859_1)) {
                String[] parts = line.split(":", -1);
                if (parts.length > 2 && parts[2].matches("\\d{1,10}")) {
                    users.putIfAbsent(Long.valueOf(parts[2]), parts[0]);
                }
            }
        }
        return users;
    }

    private void addTo(Rows rows, Path process, Map<String, String> own, Map<Long, String> users) throws IOException {
        String program = Files.readString(process.resolve("cmdline")).split("\0", 2)[0];
        String title = program.substring(program.lastIndexOf('/') + 1);
        if (!title.equals("skewer") && !title.startsWith("skewer-")) {
            return;
        }
        ProcessState state = ProcessState.of(process);
        String user = users.get(state.uid());
        Rows.Row row = new Rows.Row()
                .with("pid", Long.valueOf(process.getFileName().toString()))
                .with("process", title);
        if (json) {
            row.with("user", user == null ? Rows.UNKNOWN : user)
                    .with("uid", state.uid())
                    .with("capabilities", state.capabilities())
                    .with("seccomp", state.seccompModes())
                    .with("filters", state.filters())
                    .with("no_new_privs", state.noNewPrivileges());
        } else {
            row.with("user", user == null ? String.valueOf(state.uid()) : user + " (" + state.uid() + ")");
        }
        row.with("fds", state.openFiles() < 0 ? Rows.UNKNOWN : state.openFiles())
                .with("swap", state.memoryLocked() ? "never" : "possible");
        if (json) {
            row.with(
                    "namespaces",
                    state.namespaces().isEmpty()
                            ? Rows.UNKNOWN
                            : state.namespaces().entrySet().stream()
                                    .map(one -> one.getKey() + ":" + one.getValue())
                                    .toList());
        }
        List<String> off = off(state, own);
        Object shown = json ? off : off.isEmpty() ? "none" : String.join(",", off);
        rows.add(row.with("host_privileges", hostPrivileges(state, own))
                .with("off", PRIVILEGED.contains(title) ? Rows.UNKNOWN : shown));
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
    private static List<String> off(ProcessState state, Map<String, String> own) {
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
        if (!state.noNewPrivileges()) {
            off.add("no_new_privs");
        }
        if (state.uid() == 0) {
            off.add("uid");
        }
        return off;
    }
}
