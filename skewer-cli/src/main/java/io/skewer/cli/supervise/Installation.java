package io.skewer.cli.supervise;

import io.skewer.cli.log.TargetLoggers;
import io.skewer.cli.role.Role;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Where skewer is installed, and how its JVMs are started: {@code lib/} with the jars, {@code native/} with the launcher and the
 * native libraries, {@code runtime/} with the JVM, {@code cache/} with the class caches that make it start
 * fast.
 *
 * @param home the directory that the script {@code skewer} names in the property {@code skewer.home}
 */
record Installation(Path home) {
    private static final String CODE_CACHE = "48m";

    static Installation find() {
        String home = System.getProperty("skewer.home");
        if (home == null) {
            throw new IllegalStateException("the property skewer.home is not set: start skewer by its script 'skewer'");
        }
        return new Installation(Path.of(home));
    }

    /**
     * The arguments for the JVM of a role, before those that are its own.
     *
     * <p>For profiles and experiments, the properties {@code skewer.jvm} and {@code skewer.jvm.ROLE} of the supervisor add words for all children
     * or one of them; docs/performance.md says how. They are not read from the environment or the configuration: whoever sets them
     * writes the command line of the daemon.
     *
     * @param bufferBytes what the configuration lets the role buffer in its heap
     */
    List<String> jvmArguments(Role role, long bufferBytes) {
        List<String> arguments = new ArrayList<>(List.of(
                // One or two threads do the work of a child: the simplest collector costs least memory and start-up.
                "-XX:+UseSerialGC",
                "-XX:-UsePerfData",
                "-Xss512k",
                // An idle process does not wake up to look after locks (4 times a second) or tables (once).
                "-XX:+UnlockDiagnosticVMOptions",
                "-XX:AsyncDeflationInterval=60000",
                "-XX:ServiceThreadCleanupInterval=60000",
                // What the JVM has to say goes to standard error, as standard output may carry messages.
                "-Xlog:disable",
                "-Xlog:all=warning:stderr",
                "-XX:+ExitOnOutOfMemoryError",
                // A sealed process cannot get more executable memory, so all of it is there from the start; untouched
                // pages cost nothing.
                "-XX:InitialCodeCacheSize=" + CODE_CACHE,
                "-XX:ReservedCodeCacheSize=" + CODE_CACHE,
                // Nobody attaches, and what a crash leaves behind goes to standard error: a dump would be a dump of
                // keys.
                "-XX:+DisableAttachMechanism",
                "-XX:-CreateCoredumpOnCrash",
                "-XX:+ErrorFileToStderr",
                // There is no directory for temporary files, and no network card to take a number from.
                "-Dio.netty.tmpdir=/",
                "-Dio.netty.machineId=00:00:00:00:00:00:00:01",
                // Settings are read by reflection once: method handles for that would take a third of the start.
                "-Djdk.reflect.useNativeAccessorOnly=true",
                // Or else slf4j looks into every jar for one; that it did not have to is no news.
                "-Dslf4j.provider=" + TargetLoggers.class.getName(),
                "-Dslf4j.internal.verbosity=WARN",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-Dorg.xerial.snappy.lib.path=" + home.resolve("native"),
                "-Dorg.xerial.snappy.lib.name=libsnappyjava.so",
                "-DZstdNativePath=" + home.resolve("native/libzstd-jni.so"),
                "-Dskewer.native=" + home.resolve("native"),
                "-Djava.library.path=" + home.resolve("native")));
        Path cache = home.resolve("cache/" + role.classCache() + ".aot");
        if (Files.exists(cache)) {
            arguments.add("-XX:AOTCache=" + cache);
            // Mapped where it was made for: relocated, it would be a private copy of some 20 MiB in every process.
            arguments.add("-XX:ArchiveRelocationMode=0");
        }
        arguments.addAll(role.heapArguments(bufferBytes));
        arguments.addAll(words("skewer.jvm"));
        arguments.addAll(words("skewer.jvm." + role.title()));
        arguments.add("-cp");
        arguments.add(home.resolve("lib/skewer-cli.jar").toString());
        return arguments;
    }

    private static List<String> words(String property) {
        String value = System.getProperty(property, "").strip();
        return value.isEmpty() ? List.of() : List.of(value.split("\\s+", -1));
    }
}
