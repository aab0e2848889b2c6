package io.skewer.ipc.os;

import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Where the native parts of skewer are, and loading the one that goes into the JVM. */
public final class NativeLibrary {
    /** The system property that names the directory of the native parts. */
    public static final String DIRECTORY_PROPERTY = "skewer.native";

    private NativeLibrary() {}

    /**
     * Loads the library. Only the first call has an effect, any thread may call.
     *
     * @throws IllegalStateException when the property is missing or the library is not where it says
     */
    public static void load() {
        Once.load();
    }

    /** Loads the library that seals processes, which only Linux has. */
    static void loadSeal() {
        load("skewer_seal");
    }

    @SuppressWarnings(
            "restricted") // Native code is what this class is for; the scripts allow it with --enable-native-access.
    private static void load(String name) {
        Path library = part(System.mapLibraryName(name));
        if (!Files.isReadable(library)) {
            throw new IllegalStateException("there is no native library " + library + ": build it with mvn package");
        }
        System.load(library.toString());
    }

    /** The file of a native part, which need not exist. */
    public static Path part(String fileName) {
        @Nullable String directory = System.getProperty(DIRECTORY_PROPERTY);
        if (directory == null || directory.isBlank()) {
            throw new IllegalStateException("the system property " + DIRECTORY_PROPERTY
                    + " must name the directory with the native parts of skewer");
        }
        return Path.of(directory, fileName).toAbsolutePath();
    }

    /** The JVM loads this class once and lets all other threads wait: nothing else is needed to load the library once. */
    private static final class Once {
        static {
            NativeLibrary.load("skewer_os");
        }

        static void load() {
            // The static block did it.
        }
    }
}
