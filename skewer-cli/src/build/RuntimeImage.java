import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;

/**
 * Makes {@code runtime/} in a distribution: the JVM with the modules that skewer uses (jlink), so that the machine that runs it needs no Java, and a jail
 * shows a process no more of a JDK than this. The build runs it as a source file; it needs nothing but the JDK that it runs on, from whose own
 * files it links. What was made of the same JDK and modules before is left as it is.
 */
final class RuntimeImage {
    /** What {@code jdeps} finds in the jars, and below what is asked for by name only. */
    private static final List<String> MODULES = List.of(
            "java.base",
            "java.logging",
            "java.management",
            "java.naming",
            "java.security.jgss",
            "java.security.sasl",
            "java.sql",
            "jdk.httpserver",
            "jdk.unsupported",
            // Profiles: docs/performance.md.
            "jdk.jfr",
            // Any charset may be named in the configuration.
            "jdk.charsets",
            // Kafka's client looks for it, and keep-alive of sockets stands in jdk.net.
            "jdk.management",
            "jdk.net");

    private static final String NOTE = "skewer-modules";

    private RuntimeImage() {}

    /** Arguments: the distribution, and a file that shall say which JDK built it: the broker of quickstart needs more than this runtime. */
    public static void main(String[] args) throws IOException {
        Files.writeString(Path.of(args[1]), System.getProperty("java.home"));
        Path runtime = Path.of(args[0], "runtime").toAbsolutePath();
        Path note = runtime.resolve(NOTE);
        String wanted = Files.readString(Path.of(System.getProperty("java.home"), "release")) + MODULES + "\n";
        if (Files.exists(note) && Files.readString(note).equals(wanted)) {
            return;
        }
        delete(runtime);
        Optional<ToolProvider> jlink = ToolProvider.findFirst("jlink");
        int status = jlink.isEmpty()
                ? -1
                : jlink.get()
                        .run(new PrintWriter(System.out, true), new PrintWriter(System.err, true),
                                "--add-modules", String.join(",", MODULES),
                                "--strip-java-debug-attributes", "--no-header-files", "--no-man-pages",
                                "--output", runtime.toString());
        if (status != 0) {
            throw new IOException("jlink of " + System.getProperty("java.home") + " made no runtime: " + status);
        }
        Files.writeString(note, wanted);
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
