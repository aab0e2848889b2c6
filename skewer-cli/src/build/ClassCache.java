import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Makes {@code cache/} in a distribution: the classes of its processes, parsed, linked and partly resolved (JEP 483). The build runs it as a source
 * file; it needs nothing but the JDK and the runtime of the distribution.
 *
 * <p>The training run of the JDK makes a cache from one process, and a daemon is eight. So this writes down the classes that each process of a real
 * daemon uses, with messages through all of its roles. The daemon listens on free ports of 127.0.0.1, goes without confinement, in which nobody could
 * write lists, and its Kafka does not exist.
 *
 * <p>Of these lists three files are made. Linked classes are loaded by every process that maps the file, whether it uses them or not, and what it
 * writes into while it links them is its own. So the roles, which are much alike, have one file and share what is only read; the supervisor with its
 * commands and the client of Kafka have many classes of their own, and each has a file for itself. Who reads which file stands in the script {@code
 * skewer} and in the table of roles.
 */
final class ClassCache {
    private static final int START_PATIENCE_MS = 60_000;

    private static final String SUPERVISOR = "supervisor";
    private static final String FORWARD_KAFKA = "forward-kafka";
    private static final List<String> ROLES =
            List.of("tcp", "udp", "relp", "store", FORWARD_KAFKA, "forward-file", "forward-stderr");

    private final Path home;
    private final Path work;
    private final Path cache;

    private ClassCache(Path home, Path work) {
        this.home = home;
        this.work = work;
        cache = home.resolve("cache");
    }

    /** Arguments: the distribution, a directory to work in, the time of all that is built, and {@code true} to go without caches. */
    public static void main(String[] args) throws IOException, InterruptedException {
        ClassCache classes = new ClassCache(Path.of(args[0]).toAbsolutePath(), Path.of(args[1]).toAbsolutePath());
        // Those of an older build would be refused by every process, with a warning each.
        delete(classes.cache);
        if (!Boolean.parseBoolean(args[3])) {
            classes.setTimes(FileTime.from(Instant.parse(args[2])));
            try {
                classes.make();
            } catch (IOException cause) {
                delete(classes.cache);
                System.err.println("WARNING: no class cache, skewer starts slowly: " + cause.getMessage());
            }
        }
        // The script compares its time with that of all sources.
        Files.writeString(classes.home.resolve("built"), "");
    }

    /** A cache is refused when a jar has another time than it had then: they all get the one that they have in the archive. */
    private void setTimes(FileTime built) throws IOException {
        try (Stream<Path> jars = Files.list(home.resolve("lib"))) {
            for (Path jar : jars.toList()) {
                Files.setLastModifiedTime(jar, built);
            }
        }
        Files.setLastModifiedTime(home.resolve("runtime/lib/modules"), built);
    }

    private void make() throws IOException, InterruptedException {
        delete(work);
        Files.createDirectories(work.resolve("lists"));
        Files.createDirectories(cache);
        rehearse();
        dump(SUPERVISOR, SUPERVISOR::equals);
        dump(FORWARD_KAFKA, FORWARD_KAFKA::equals);
        dump("roles", process -> ROLES.contains(process) && !process.equals(FORWARD_KAFKA));
    }

    private void dump(String name, Predicate<String> processes) throws IOException, InterruptedException {
        Path list = work.resolve(name + ".classes");
        Files.write(list, merged(processes));
        run(name + ".log",
                // Serial could not write the objects that belong to linked classes.
                List.of(java(), "-Xshare:dump", "-XX:+UseG1GC", "-XX:+AOTClassLinking", "--enable-native-access=ALL-UNNAMED",
                        "-XX:SharedClassListFile=" + list, "-XX:SharedArchiveFile=" + cache.resolve(name + ".aot"), "-cp",
                        home.resolve("lib/skewer-cli.jar").toString()));
    }

    private void rehearse() throws IOException, InterruptedException {
        int tcp = freePort();
        int relp = freePort();
        Path config = Files.createDirectory(work.resolve("config"));
        Files.writeString(config.resolve("skewer.toml"), """
                [main]
                destination = "kafka,file,stderr"
                [metrics]
                port = %d
                [kafka_destination]
                brokers = ["127.0.0.1:1"]
                [file_destination]
                filename = "%s/{{.AppName}}.log"
                [[tcp_source]]
                ports = [%d]
                bind_addr = "127.0.0.1"
                [[udp_source]]
                ports = [%d]
                bind_addr = "127.0.0.1"
                [[relp_source]]
                ports = [%d]
                bind_addr = "127.0.0.1"
                [confinement]
                absent = ["namespaces", "landlock", "seccomp", "uid"]
                """.formatted(freePort(), work.resolve("out"), tcp, tcp, relp));
        StringBuilder options = new StringBuilder(listing(SUPERVISOR));
        for (String role : ROLES) {
            options.append(" -Dskewer.jvm.").append(role).append('=').append(listing(role));
        }
        // The supervisor is always confined and can write beside its log only.
        Path log = work.resolve("lists/daemon.log");
        ProcessBuilder builder = skewer(
                "serve", "--config", config.toString(), "--store", work.resolve("store").toString(), "--logfilename", log.toString());
        builder.environment().put("SKEWER_JVM_OPTIONS", options.toString());
        Path errors = work.resolve("serve.log");
        Process daemon = builder.redirectErrorStream(true).redirectOutput(errors.toFile()).start();
        try {
            awaitStarted(daemon, log, errors);
            run("relp.log", skewer("loadgen", "relp", "127.0.0.1:" + relp, "-n", "500").command());
            run("udp.log", skewer("loadgen", "udp", "127.0.0.1:" + tcp, "-n", "100").command());
            run("tcp.log", skewer("loadgen", "tcp", "127.0.0.1:" + tcp, "-n", "500").command());
            run("octet.log", skewer("loadgen", "tcp-octet", "127.0.0.1:" + tcp, "-n", "500", "-f", "rfc3164").command());
        } finally {
            daemon.destroy();
            daemon.waitFor();
        }
    }

    private String listing(String process) {
        return "-XX:DumpLoadedClassList=" + work.resolve("lists") + "/" + process;
    }

    private static void awaitStarted(Process daemon, Path log, Path errors) throws IOException, InterruptedException {
        long endMs = System.currentTimeMillis() + START_PATIENCE_MS;
        while (!Files.exists(log) || !Files.readString(log).contains("event=daemon.started")) {
            if (!daemon.isAlive() || System.currentTimeMillis() > endMs) {
                throw new IOException("the daemon did not start: " + Files.readString(errors));
            }
            Thread.sleep(50);
        }
    }

    /** Every line of these processes' lists once, in the order of first appearance; without the numbers that are a list's own. */
    private Set<String> merged(Predicate<String> processes) throws IOException {
        Set<String> lines = new LinkedHashSet<>();
        List<Path> lists;
        try (Stream<Path> files = Files.list(work.resolve("lists"))) {
            lists = files.filter(file -> processes.test(file.getFileName().toString())).sorted().toList();
        }
        for (Path list : lists) {
            for (String line : Files.readAllLines(list)) {
                if (!line.startsWith("#") && !line.contains(" source:")) {
                    lines.add(line.replaceFirst(" id: \\d+$", ""));
                }
            }
        }
        if (lines.isEmpty()) {
            throw new IOException("processes of the daemon wrote no class lists");
        }
        return lines;
    }

    private ProcessBuilder skewer(String... words) {
        List<String> command = new ArrayList<>(List.of(home.resolve("skewer").toString()));
        command.addAll(List.of(words));
        return new ProcessBuilder(command);
    }

    private void run(String log, List<String> command) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command);
        Path output = work.resolve(log);
        int status = builder.redirectErrorStream(true).redirectOutput(output.toFile()).start().waitFor();
        if (status != 0) {
            throw new IOException(String.join(" ", command) + " ended with " + status + "; see " + output);
        }
    }

    /** A cache fits only the JVM that made it. */
    private String java() {
        return home.resolve("runtime/bin/java").toString();
    }

    private static int freePort() throws IOException {
        try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return probe.getLocalPort();
        }
    }

    private static void delete(Path directory) throws IOException {
        if (Files.exists(directory)) {
            try (Stream<Path> files = Files.walk(directory)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }
}
