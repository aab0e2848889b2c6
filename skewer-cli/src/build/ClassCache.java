import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Makes {@code cache/skewer.aot} in a distribution: the classes of all processes, parsed, linked and partly resolved (JEP 483), in one file
 * that all of them map. The build runs it as a source file; it needs nothing but the JDK.
 *
 * <p>The training run of the JDK makes a cache from one process, and a daemon is eight. So this writes down the classes that each process of a real
 * daemon uses, with messages through all of its roles, and has one cache made of all these lists. The daemon listens on free ports of
 * 127.0.0.1, goes without confinement, in which nobody could write lists, and its Kafka does not exist.
 */
final class ClassCache {
    private static final int START_PATIENCE_MS = 60_000;

    private final Path home;
    private final Path work;
    private final Path cache;

    private ClassCache(Path home, Path work) {
        this.home = home;
        this.work = work;
        cache = home.resolve("cache/skewer.aot");
    }

    /** Arguments: the distribution, a directory to work in, and {@code true} to go without a cache. */
    public static void main(String[] args) throws IOException, InterruptedException {
        ClassCache classes = new ClassCache(Path.of(args[0]).toAbsolutePath(), Path.of(args[1]).toAbsolutePath());
        // One of an older build would be refused by every process, with a warning each.
        Files.deleteIfExists(classes.cache);
        if (Boolean.parseBoolean(args[2])) {
            return;
        }
        try {
            classes.make();
        } catch (IOException cause) {
            Files.deleteIfExists(classes.cache);
            System.err.println("WARNING: no class cache, skewer starts slowly: " + cause.getMessage());
        }
    }

    private void make() throws IOException, InterruptedException {
        delete(work);
        Files.createDirectories(work.resolve("lists"));
        Files.createDirectories(cache.getParent());
        rehearse();
        Path list = work.resolve("all.lst");
        Files.write(list, merged());
        run("dump.log",
                List.of(java(), "-Xshare:dump", "-XX:+AOTClassLinking", "--enable-native-access=ALL-UNNAMED",
                        "-XX:SharedClassListFile=" + list, "-XX:SharedArchiveFile=" + cache, "-cp",
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
                absent = ["namespaces", "landlock", "seccomp"]
                """.formatted(freePort(), work.resolve("out"), tcp, tcp, relp));
        String dump = "-XX:DumpLoadedClassList=" + work.resolve("lists") + "/%p.lst";
        // The supervisor is always confined and can write beside its log only.
        Path log = work.resolve("lists/serve.log");
        ProcessBuilder builder = skewer(
                "serve", "--config", config.toString(), "--store", work.resolve("store").toString(), "--logfilename", log.toString());
        builder.environment().put("SKEWER_JVM_OPTIONS", dump + " -Dskewer.jvm=" + dump);
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

    private static void awaitStarted(Process daemon, Path log, Path errors) throws IOException, InterruptedException {
        long endMs = System.currentTimeMillis() + START_PATIENCE_MS;
        while (!Files.exists(log) || !Files.readString(log).contains("event=daemon.started")) {
            if (!daemon.isAlive() || System.currentTimeMillis() > endMs) {
                throw new IOException("the daemon did not start: " + Files.readString(errors));
            }
            Thread.sleep(50);
        }
    }

    /** Every line once, in the order of first appearance; without the numbers that are a list's own. */
    private Set<String> merged() throws IOException {
        Set<String> lines = new LinkedHashSet<>();
        List<Path> lists;
        try (Stream<Path> files = Files.list(work.resolve("lists"))) {
            lists = files.filter(file -> file.toString().endsWith(".lst")).sorted().toList();
        }
        for (Path list : lists) {
            for (String line : Files.readAllLines(list)) {
                if (!line.startsWith("#") && !line.contains(" source:")) {
                    lines.add(line.replaceFirst(" id: \\d+$", ""));
                }
            }
        }
        if (lists.size() < 2) {
            throw new IOException("the processes of the daemon wrote no class lists");
        }
        return lines;
    }

    private ProcessBuilder skewer(String... words) {
        List<String> command = new ArrayList<>(List.of(home.resolve("skewer").toString()));
        command.addAll(List.of(words));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("SKEWER_JAVA_HOME", System.getProperty("java.home"));
        return builder;
    }

    private void run(String log, List<String> command) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("SKEWER_JAVA_HOME", System.getProperty("java.home"));
        Path output = work.resolve(log);
        int status = builder.redirectErrorStream(true).redirectOutput(output.toFile()).start().waitFor();
        if (status != 0) {
            throw new IOException(String.join(" ", command) + " ended with " + status + "; see " + output);
        }
    }

    private static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
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
