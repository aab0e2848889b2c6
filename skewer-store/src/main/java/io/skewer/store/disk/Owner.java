package io.skewer.store.disk;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Who owns files: by name, or by number where the number has none. */
public final class Owner {
    private static final Path SELF = Path.of("/proc/self");

    private Owner() {}

    public static String of(Path file) throws IOException {
        return Files.getOwner(file).getName();
    }

    /** Who owns what this process makes, in the same words: the JVM itself calls a user without a name "?". */
    public static String ofThisProcess() throws IOException {
        return Files.exists(SELF) ? of(SELF) : System.getProperty("user.name");
    }
}
