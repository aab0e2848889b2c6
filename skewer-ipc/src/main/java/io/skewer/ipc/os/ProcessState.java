package io.skewer.ipc.os;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What the kernel says about the confinement of a process, in {@code /proc}. Linux only.
 *
 * @param uid the effective user
 * @param capabilities permitted and bounding ones, as the hexadecimal numbers of the kernel
 * @param namespaces the kind of each namespace with its number
 * @param seccompModes of all threads: 2 is a filter
 * @param filters how many filters the main thread has
 * @param noNewPrivileges whether every thread has given up new ones
 * @param openFiles how many descriptors are open
 * @param memoryLocked whether its memory stays out of swap
 */
public record ProcessState(
        long uid,
        String capabilities,
        Map<String, String> namespaces,
        List<String> seccompModes,
        int filters,
        boolean noNewPrivileges,
        int openFiles,
        boolean memoryLocked) {
    private static final Path SELF = Path.of("/proc/self");
    private static final String NO_CAPABILITIES = "0000000000000000";
    private static final String FILTERED = "2";

    /** Reads that of this process anew. */
    public static ProcessState read() throws IOException {
        return of(SELF);
    }

    /**
     * Reads that of any process. What only its owner may see is empty, or -1 for the open files.
     *
     * @param process its directory in {@code /proc}
     */
    public static ProcessState of(Path process) throws IOException {
        List<Map<String, String>> threads = new ArrayList<>();
        try (Stream<Path> tasks = Files.list(process.resolve("task"))) {
            for (Path task : tasks.toList()) {
                addStatus(threads, task);
            }
        }
        Map<String, String> main = status(process);
        return new ProcessState(
                Long.parseLong(main.getOrDefault("Uid", "0").split("\\s+", -1)[1]),
                main.getOrDefault("CapPrm", "") + "/" + main.getOrDefault("CapBnd", ""),
                namespaceNumbers(process.resolve("ns")),
                threads.stream()
                        .map(thread -> thread.getOrDefault("Seccomp", ""))
                        .distinct()
                        .sorted()
                        .toList(),
                Integer.parseInt(main.getOrDefault("Seccomp_filters", "0")),
                threads.stream().allMatch(thread -> "1".equals(thread.get("NoNewPrivs"))),
                openFiles(process),
                !main.getOrDefault("VmLck", "0 kB").equals("0 kB"));
    }

    /** A thread may end between the listing and the reading, and then needs no confinement. */
    private static void addStatus(List<Map<String, String>> threads, Path task) throws IOException {
        try {
            threads.add(status(task));
        } catch (IOException cause) {
            if (Files.exists(task)) {
                throw cause;
            }
        }
    }

    private static Map<String, String> status(Path process) throws IOException {
        return Files.readAllLines(process.resolve("status")).stream()
                .map(line -> line.split(":\\s*", 2))
                .filter(pair -> pair.length == 2)
                .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1].strip(), (first, _) -> first));
    }

    private static Map<String, String> namespaceNumbers(Path links) throws IOException {
        Map<String, String> numbers = new TreeMap<>();
        for (String kind : List.of("mnt", "pid", "net", "ipc", "uts", "user")) {
            try {
                numbers.put(
                        kind,
                        Files.readSymbolicLink(links.resolve(kind)).toString().replaceAll("\\D", ""));
            } catch (AccessDeniedException hidden) {
                // A process that hides itself shows these to root only.
                return Map.of();
            }
        }
        return numbers;
    }

    private static int openFiles(Path process) throws IOException {
        try (Stream<Path> entries = Files.list(process.resolve("fd"))) {
            return (int) entries.count() - (process.equals(SELF) ? 1 : 0); // without the one that lists
        } catch (AccessDeniedException hidden) {
            return -1;
        }
    }

    /** Whether no capability is held, nor can be gained. */
    public boolean isWithoutCapabilities() {
        return capabilities.equals(NO_CAPABILITIES + "/" + NO_CAPABILITIES);
    }

    /** Whether no capability is held; what the process may gain is not looked at. */
    public boolean holdsNoCapabilities() {
        return capabilities.startsWith(NO_CAPABILITIES);
    }

    void requireSealed() throws IOException {
        if (!seccompModes.equals(List.of(FILTERED)) || !noNewPrivileges) {
            throw new IOException("not every thread is sealed: seccomp " + seccompModes);
        }
        if (!holdsNoCapabilities()) {
            throw new IOException("capabilities are left: " + capabilities);
        }
    }

    /** One line for people. */
    @Override
    public String toString() {
        return "uid=" + uid + " capabilities=" + (isWithoutCapabilities() ? "none" : capabilities) + " seccomp="
                + String.join(",", seccompModes) + " filters=" + filters + " no_new_privs=" + (noNewPrivileges ? 1 : 0)
                + " fds=" + (openFiles < 0 ? "hidden" : openFiles) + " swap=" + (memoryLocked ? "never" : "possible")
                + " namespaces="
                + (namespaces.isEmpty() ? "hidden" : "")
                + namespaces.entrySet().stream()
                        .map(entry -> entry.getKey() + ":" + entry.getValue())
                        .collect(Collectors.joining(","));
    }
}
