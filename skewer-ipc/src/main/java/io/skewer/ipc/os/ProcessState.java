package io.skewer.ipc.os;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.StringJoiner;
import java.util.TreeMap;
import java.util.TreeSet;

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
        SortedSet<String> seccompModes = new TreeSet<>();
        boolean noNewPrivileges = true;
        try (DirectoryStream<Path> threads = Files.newDirectoryStream(process.resolve("task"))) {
            for (Path thread : threads) {
                Map<String, String> status = statusOfThread(thread);
                if (!status.isEmpty()) {
                    seccompModes.add(status.getOrDefault("Seccomp", ""));
                    noNewPrivileges &= "1".equals(status.get("NoNewPrivs"));
                }
            }
        }
        Map<String, String> main = status(process);
        return new ProcessState(
                Long.parseLong(main.getOrDefault("Uid", "0\t0").split("\t", -1)[1]),
                main.getOrDefault("CapPrm", "") + "/" + main.getOrDefault("CapBnd", ""),
                namespaceNumbers(process.resolve("ns")),
                List.copyOf(seccompModes),
                Integer.parseInt(main.getOrDefault("Seccomp_filters", "0")),
                noNewPrivileges,
                openFiles(process),
                !main.getOrDefault("VmLck", "0 kB").equals("0 kB"));
    }

    /** Empty when the thread ended between the listing and the reading: then it needs no confinement. */
    private static Map<String, String> statusOfThread(Path thread) throws IOException {
        try {
            return status(thread);
        } catch (IOException cause) {
            if (Files.exists(thread)) {
                throw cause;
            }
            return Map.of();
        }
    }

    /**
     * The pairs of a status file. Every process reads one for each of its threads while it starts, in code that runs for the first time: without
     * streams and patterns that costs a tenth.
     */
    private static Map<String, String> status(Path process) throws IOException {
        Map<String, String> pairs = new HashMap<>();
        for (String line : Files.readAllLines(process.resolve("status"))) {
            int colon = line.indexOf(':');
            if (colon > 0) {
                pairs.putIfAbsent(
                        line.substring(0, colon), line.substring(colon + 1).strip());
            }
        }
        return pairs;
    }

    private static Map<String, String> namespaceNumbers(Path links) throws IOException {
        Map<String, String> numbers = new TreeMap<>();
        for (String kind : List.of("mnt", "pid", "net", "ipc", "uts", "user")) {
            try {
                // net:[4026531840]
                String target = Files.readSymbolicLink(links.resolve(kind)).toString();
                numbers.put(kind, target.substring(target.indexOf('[') + 1, target.length() - 1));
            } catch (AccessDeniedException hidden) {
                // A process that hides itself shows these to root only.
                return Map.of();
            }
        }
        return numbers;
    }

    private static int openFiles(Path process) throws IOException {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(process.resolve("fd"))) {
            int count = 0;
            for (Path _ : entries) {
                count++;
            }
            return count - (process.equals(SELF) ? 1 : 0); // without the one that lists
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
        StringJoiner numbers = new StringJoiner(",");
        namespaces.forEach((kind, number) -> numbers.add(kind + ":" + number));
        return "uid=" + uid + " capabilities=" + (isWithoutCapabilities() ? "none" : capabilities) + " seccomp="
                + String.join(",", seccompModes) + " filters=" + filters + " no_new_privs=" + (noNewPrivileges ? 1 : 0)
                + " fds=" + (openFiles < 0 ? "hidden" : openFiles) + " swap=" + (memoryLocked ? "never" : "possible")
                + " namespaces=" + (namespaces.isEmpty() ? "hidden" : numbers);
    }
}
