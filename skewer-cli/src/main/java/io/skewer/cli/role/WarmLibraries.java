package io.skewer.cli.role;

import io.skewer.core.config.Destinations;
import java.util.List;
import net.jpountz.lz4.LZ4Factory;

/**
 * Loads the native libraries that a process may come to need: a sealed process cannot map code any more, so whatever is not there
 * before the seal is never there. The JVM loads its own ones when certain classes are initialised.
 */
public final class WarmLibraries {
    private static final List<String> OF_THE_JVM = List.of(
            "sun.nio.ch.IOUtil", // net, nio
            "java.net.NetworkInterface",
            "sun.nio.fs.DefaultFileSystemProvider",
            "jdk.net.ExtendedSocketOptions"); // extnet

    private static final List<String> OF_KAFKA = List.of(
            "sun.management.ManagementFactoryHelper", // management
            "com.sun.management.internal.PlatformMBeanProviderImpl"); // management_ext

    private WarmLibraries() {}

    /** Those that a role needs. */
    static void load(Settings settings) {
        loadOfJvm();
        if (!LZ4Factory.fastestInstance().toString().contains("JNI")) {
            throw new IllegalStateException("lz4 works without its native library");
        }
        if (settings.config().main().destinations().contains(Destinations.KAFKA)) {
            OF_KAFKA.forEach(WarmLibraries::initialise);
            switch (settings.config().kafkaDestination().compression()) {
                case "snappy" -> initialise("org.xerial.snappy.Snappy");
                case "zstd" -> initialise("com.github.luben.zstd.Zstd");
                default -> {
                    // lz4 is there, gzip is in the JVM.
                }
            }
        }
    }

    /** Those of the JVM itself, which the supervisor needs as well. */
    public static void loadOfJvm() {
        OF_THE_JVM.forEach(WarmLibraries::initialise);
    }

    private static void initialise(String className) {
        try {
            Class.forName(className);
        } catch (ClassNotFoundException missing) {
            throw new IllegalStateException(missing);
        }
    }
}
