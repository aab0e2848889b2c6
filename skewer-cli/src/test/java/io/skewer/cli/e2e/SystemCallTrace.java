package io.skewer.cli.e2e;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Every system call that the processes of a daemon make after they sealed themselves: strace is attached to each process as soon as it is there,
 * and takes note of each call with those arguments that a policy looks at. What is kept is small: each combination once.
 */
final class SystemCallTrace {
    private static final Pattern CALL = Pattern.compile("^\\d+\\s+(\\w+)\\(([^<)]*).*");
    /** SECCOMP_SET_MODE_FILTER with TSYNC: the seal. */
    private static final String SEAL = "seccomp(0x1, 0x1, ";

    private static final int LOOK_AGAIN_MS = 2;

    private final ProcessHandle launcher;
    private final String strace;
    private final Map<String, SortedSet<Integer>> argumentsOf = new HashMap<>();
    private final SortedMap<String, SortedSet<String>> seen = new TreeMap<>();
    private final Set<Long> attached = ConcurrentHashMap.newKeySet();
    private final List<Thread> readers = new ArrayList<>();
    private final List<String> unsealed = new ArrayList<>();
    private final Thread watching;
    private volatile boolean closed;

    /** @param policies the directory of the policy files, which say what arguments matter */
    private SystemCallTrace(ProcessHandle launcher, Path policies) throws IOException {
        this.launcher = launcher;
        strace = Required.program("strace", "strace");
        try (Stream<Path> files = Files.list(policies)) {
            for (Path file :
                    files.filter(name -> name.toString().endsWith(".policy")).toList()) {
                Files.readAllLines(file).forEach(this::readArguments);
            }
        }
        watching = Thread.ofPlatform().name("watch").daemon().unstarted(this::watch);
    }

    static SystemCallTrace of(ProcessHandle launcher, Path policies) throws IOException {
        SystemCallTrace trace = new SystemCallTrace(launcher, policies);
        trace.watching.start();
        return trace;
    }

    private void readArguments(String line) {
        List<String> words = List.of(line.replaceAll("#.*", "").strip().split("\\s+", -1));
        int condition = words.indexOf("if");
        for (int i = Math.max(condition, 0); i < words.size() && condition > 0; i++) {
            if (List.of("if", "and").contains(words.get(i))) {
                int argument = Integer.parseInt(words.get(i + 1).substring(1));
                words.subList(1, condition)
                        .forEach(call -> argumentsOf
                                .computeIfAbsent(call, ignored -> new TreeSet<>())
                                .add(argument));
            }
        }
    }

    private void watch() {
        try {
            while (!closed) {
                List<ProcessHandle> all = new ArrayList<>(launcher.descendants().toList());
                for (ProcessHandle process : all) {
                    String role = role(process.pid());
                    if (!role.isEmpty() && attached.add(process.pid())) {
                        attach(role, process.pid());
                    }
                }
                Thread.sleep(LOOK_AGAIN_MS);
            }
        } catch (IOException fault) {
            throw new IllegalStateException(fault);
        } catch (InterruptedException ended) {
            // Nobody interrupts but the end of the test.
        }
    }

    /** As the policy names it; empty as long as the process is a copy of the launcher, or something else. */
    private static String role(long pid) {
        String title;
        try {
            title = Files.readString(Path.of("/proc/" + pid + "/cmdline")).split("\0", 2)[0];
        } catch (IOException gone) {
            return "";
        }
        return title.equals("skewer") ? "supervisor" : title.startsWith("skewer-") ? title.substring(7) : "";
    }

    private void attach(String role, long pid) throws IOException {
        Process process = new ProcessBuilder(
                        strace, "-f", "-q", "-e", "raw=all", "-e", "signal=none", "-o", "/dev/stdout", "-p", "" + pid)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        synchronized (readers) {
            readers.add(Thread.ofPlatform().name("trace-" + role).daemon().start(() -> read(role, process)));
        }
    }

    private void read(String role, Process process) {
        boolean sealed = false;
        try (BufferedReader lines = process.inputReader()) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (sealed) {
                    take(role, line);
                } else {
                    sealed = line.contains(SEAL);
                }
            }
        } catch (IOException fault) {
            throw new IllegalStateException(fault);
        }
        if (!sealed) {
            synchronized (unsealed) {
                unsealed.add(role);
            }
        }
    }

    private void take(String role, String line) {
        Matcher call = CALL.matcher(line);
        if (!call.matches()) {
            return; // the rest of a call that was interrupted, or an end
        }
        String name = call.group(1);
        String[] arguments = call.group(2).split(",\\s*", -1);
        StringBuilder entry = new StringBuilder(name);
        IntStream looked =
                argumentsOf.getOrDefault(name, new TreeSet<>()).stream().mapToInt(Integer::intValue);
        looked.forEach(argument -> entry.append('\t')
                .append('a')
                .append(argument)
                .append('=')
                .append(argument < arguments.length ? arguments[argument].strip() : "0"));
        synchronized (seen) {
            seen.computeIfAbsent(role, ignored -> new TreeSet<>()).add(entry.toString());
        }
    }

    /** Ends with the processes that are traced. @return the calls of each role, one line each */
    SortedMap<String, SortedSet<String>> await() throws InterruptedException {
        closed = true;
        watching.join();
        List<Thread> all;
        synchronized (readers) {
            all = List.copyOf(readers);
        }
        for (Thread reader : all) {
            reader.join(TimeUnit.SECONDS.toMillis(60));
        }
        synchronized (seen) {
            return new TreeMap<>(seen);
        }
    }

    /** Processes that were not seen sealing themselves. */
    List<String> unsealed() {
        synchronized (unsealed) {
            return List.copyOf(unsealed);
        }
    }
}
