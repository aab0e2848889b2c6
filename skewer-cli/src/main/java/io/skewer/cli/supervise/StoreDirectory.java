package io.skewer.cli.supervise;

import io.skewer.cli.command.ServeOptions;
import io.skewer.ipc.spawn.Layer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Where the store works: the operator's directory, or for {@code --test} a throw-away one. Inside a jail that is memory of the store's
 * own process, which vanishes with it; without one it is a temporary directory that is deleted at the end.
 */
record StoreDirectory(Path path, boolean temporary) implements AutoCloseable {
    /** As native/launch/jail.h has it. */
    private static final Path IN_MEMORY = Path.of("/scratch");

    static StoreDirectory of(ServeOptions options, Set<Layer> layers) throws IOException {
        if (!options.test()) {
            return new StoreDirectory(options.store().toAbsolutePath(), false);
        }
        return layers.contains(Layer.NAMESPACES)
                ? new StoreDirectory(IN_MEMORY, false)
                : new StoreDirectory(Files.createTempDirectory("skewer-test"), true);
    }

    @Override
    public void close() throws IOException {
        if (!temporary) {
            return;
        }
        try (Stream<Path> files = Files.walk(path)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
