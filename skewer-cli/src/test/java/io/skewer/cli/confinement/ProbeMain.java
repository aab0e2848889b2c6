package io.skewer.cli.confinement;

import io.skewer.cli.role.WarmLibraries;
import io.skewer.ipc.os.NativeSocket;
import io.skewer.ipc.os.ProcessSeal;
import io.skewer.ipc.os.ProcessState;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * One hostile action in a process that the real launcher started in a real role: {@code ROLE SEALED ACTION...}. It writes what came of it to
 * its control socket. The action is {@code NAME ARGUMENT...} of a system call, or {@code java:NAME}.
 */
@SuppressWarnings("restricted") // loading libraries is among what is probed
final class ProbeMain {
    private static final int CONTROL = 3;
    private static final long X32_BIT = 0x40000000L;

    private ProbeMain() {}

    public static void main(String[] arguments) throws Exception {
        System.load(System.getProperty("skewer.probe"));
        NativeSocket control = NativeSocket.ofDescriptor(CONTROL);
        WarmLibraries.loadOfJvm();
        // Once before the seal, as a warm process would: what a probe needs must not be what the seal refuses.
        tell(NativeSocket.pair()[0], "warm");
        ProcessState.read();
        String outcome;
        List<String> action = List.of(arguments).subList(2, arguments.length);
        Probing probing = prepare(action);
        if (arguments[1].equals("sealed")) {
            ProcessSeal.seal(arguments[0], -1);
        }
        try {
            outcome = probing.probe();
        } catch (IOException refused) {
            outcome = "failed";
        } catch (UnsatisfiedLinkError refused) {
            outcome = "failed";
        }
        tell(control, outcome);
        Runtime.getRuntime().halt(0);
    }

    private interface Probing {
        String probe() throws Exception;
    }

    private static void tell(NativeSocket control, String outcome) throws IOException {
        byte[] bytes = outcome.getBytes(StandardCharsets.UTF_8);
        control.write(ByteBuffer.allocateDirect(bytes.length).put(bytes).flip());
    }

    private static Probing prepare(List<String> action) throws Exception {
        String name = action.getFirst();
        return switch (name) {
            case "java:exec" -> () -> new ProcessBuilder("/bin/true").start().waitFor() == 0 ? "ok" : "failed";
            case "java:thread" -> ProbeMain::startThread;
            case "java:read" ->
                () -> {
                    Files.readAllBytes(Path.of(action.get(1)));
                    return "ok";
                };
            case "java:dlopen" ->
                () -> {
                    Path copy = Path.of(action.get(1), "code.so");
                    Files.copy(Path.of(System.getProperty("skewer.probe")), copy);
                    System.load(copy.toString());
                    return "ok";
                };
            case "java:load" ->
                () -> {
                    System.load(System.getProperty("java.home") + "/lib/libsyslookup.so");
                    return "ok";
                };
            case "java:connect" ->
                () -> {
                    try (SocketChannel channel = SocketChannel.open()) {
                        channel.connect(new InetSocketAddress(
                                InetAddress.ofLiteral("127.0.0.1"), Integer.parseInt(action.get(1))));
                    }
                    return "ok";
                };
            case "java:heap" -> ProbeMain::fillHeap;
            case "java:direct" -> ProbeMain::fillDirectMemory;
            case "java:threads" -> () -> startThreads(Integer.parseInt(action.get(1)));
            case "java:who" -> () -> whoami(action.get(1));
            case "java:mounts" -> ProbeMain::mounts;
            case "java:crash" ->
                () -> {
                    MemorySegment.ofAddress(8).reinterpret(8).set(ValueLayout.JAVA_LONG, 0, 1);
                    return "ok";
                };
            case "java:directories" -> ProbeMain::openDirectories;
            case "java:others" -> ProbeMain::otherProcesses;
            case "java:state" -> ProbeMain::stateOfEveryTask;
            case "java:environment" ->
                () -> String.join(
                        " ", System.getenv().keySet().stream().sorted().toList());
            default -> raw(action);
        };
    }

    private static String startThread() throws InterruptedException {
        String[] said = {"failed"};
        Thread thread = Thread.ofPlatform().start(() -> said[0] = "ok");
        thread.join();
        return said[0];
    }

    @SuppressWarnings("ModifiedButNotUsed") // nobody looks at what fills the heap
    private static String fillHeap() {
        List<byte[]> all = new ArrayList<>();
        while (all.size() < Integer.MAX_VALUE) {
            all.add(new byte[1 << 20]);
        }
        return "ok";
    }

    /** Buffers outside of the heap. */
    @SuppressWarnings("ModifiedButNotUsed")
    private static String fillDirectMemory() {
        List<ByteBuffer> all = new ArrayList<>();
        try {
            while (all.size() < Integer.MAX_VALUE) {
                all.add(ByteBuffer.allocateDirect(1 << 20));
            }
        } catch (OutOfMemoryError expected) {
            return all.size() <= 64 ? "bounded" : "took " + all.size() + " MiB";
        }
        return "ok";
    }

    /** Threads that stay, as many as the system gives. */
    private static String startThreads(int count) {
        for (int i = 0; i < count; i++) {
            try {
                Thread.ofPlatform().daemon().stackSize(1 << 16).start(LockSupport::park);
            } catch (OutOfMemoryError expected) {
                return "stopped";
            }
        }
        return "ok";
    }

    /** The user that a program becomes, which belongs to root and has the set-uid bit. */
    private static String whoami(String program) throws IOException {
        Process process = new ProcessBuilder(program).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return said.contains("root") || said.matches("(?s).*\\b0\\b.*") ? "root" : said.strip();
    }

    /** Whether a file system in sight could help somebody up. */
    private static String mounts() throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/self/mountinfo"))) {
            String[] cells = line.split(" ", -1);
            List<String> options = List.of(cells[5].split(",", -1));
            boolean device = cells[4].startsWith("/dev/");
            boolean writable = options.contains("rw") && !device;
            if (!options.contains("nosuid")
                    || (!options.contains("nodev") && !device)
                    || (writable && !options.contains("noexec"))) {
                return "unsafe";
            }
        }
        return "ok";
    }

    /** Capabilities of all five sets, no_new_privs and seccomp: each line as it is in every task, or all that there are. */
    private static String stateOfEveryTask() throws IOException {
        Set<String> states = new TreeSet<>();
        try (Stream<Path> tasks = Files.list(Path.of("/proc/self/task"))) {
            for (Path task : tasks.toList()) {
                try {
                    states.add(stateOf(task));
                } catch (IOException cause) {
                    if (Files.exists(task)) { // else it ended meanwhile
                        throw cause;
                    }
                }
            }
        }
        return String.join("; ", states);
    }

    private static String stateOf(Path task) throws IOException {
        return Files.readAllLines(task.resolve("status")).stream()
                .filter(line -> line.matches("(Cap.*|NoNewPrivs|Seccomp):.*"))
                .map(line ->
                        line.replaceAll(".*\\s", "").replaceAll("^0{16}$", "0").replaceAll("^[0-9a-f]{16}$", "some"))
                .collect(Collectors.joining(" "));
    }

    /** Directories that are open, the one that is being listed left out. */
    private static String openDirectories() throws IOException {
        List<String> found = new ArrayList<>();
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            for (Path link : open.toList()) {
                String target =
                        Files.isDirectory(link) ? Files.readSymbolicLink(link).toString() : "";
                if (!target.isEmpty() && !target.endsWith("/fd")) {
                    found.add(target);
                }
            }
        }
        return found.isEmpty() ? "none" : String.join(" ", found);
    }

    private static String otherProcesses() throws IOException {
        try (Stream<Path> entries = Files.list(Path.of("/proc"))) {
            long count = entries.filter(entry -> entry.getFileName().toString().matches("\\d+"))
                    .count();
            return count == 1 ? "none" : "some";
        }
    }

    private static Probing raw(List<String> action) {
        long[] numbers = new long[6];
        String[] strings = new String[6];
        for (int i = 1; i < action.size(); i++) {
            String argument = action.get(i);
            if (argument.startsWith("s:")) {
                strings[i - 1] = argument.substring(2);
            } else {
                numbers[i - 1] = argument.equals("bad") ? 1 : argument.equals("uid") ? uid() : Long.decode(argument);
            }
        }
        long number = action.getFirst().equals("x32") ? X32_BIT + numberOf("getpid") : numberOf(action.getFirst());
        return () -> {
            long result = RawCalls.call(number, numbers, strings);
            return result >= 0 ? "ok" : Errno.nameOf((int) -result);
        };
    }

    private static long uid() {
        try {
            return ProcessState.read().uid();
        } catch (IOException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static long numberOf(String name) {
        for (int number = 0; number < 512; number++) {
            if (ProcessSeal.nameOfCall(number).equals(name)) {
                return number;
            }
        }
        throw new IllegalArgumentException("no system call " + name);
    }
}
