package io.skewer.cli.command;

import io.skewer.cli.role.StoreConfig;
import io.skewer.core.config.ConfigReader;
import io.skewer.core.config.InvalidConfig;
import io.skewer.core.config.SkewerConfig;
import io.skewer.core.measure.Measures;
import io.skewer.store.Store;
import io.skewer.store.StoreLimits;
import io.skewer.store.StoreSettings;
import io.skewer.store.disk.FileDisk;
import io.skewer.store.disk.Owner;
import io.skewer.store.disk.StoreInUseException;
import io.skewer.store.frontier.StateFile;
import io.skewer.store.order.Order;
import io.skewer.store.order.OrderFiles;
import io.skewer.store.recover.WrongSecretException;
import io.skewer.store.segment.StoreKeys;
import io.skewer.store.tool.StoreFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/**
 * Where the store is, and how a command gets at it. Looking needs no lock and works beside a running daemon. A change is carried out by the
 * running store when there is one, else here, with the store locked.
 */
final class StoreAccess {
    private static final long ORDER_PATIENCE_MS = 40_000;

    private static final Path ETC = Path.of("/etc");

    @Option(
            names = "--config",
            paramLabel = "DIR",
            description = {
                "Directory of skewer.toml, for the secret (default: /etc).",
                "A store without a secret can be looked at without it."
            })
    private @Nullable Path configDirectory;

    @Option(
            names = "--store",
            paramLabel = "DIR",
            defaultValue = "/var/lib/skewer",
            description = "Directory of the store (default: ${DEFAULT-VALUE}).")
    private Path storeDirectory = Path.of("/var/lib/skewer");

    @Option(names = "--json", description = "Answer with one JSON object in a line per row.")
    boolean json;

    Path directory() throws IOException {
        if (!Files.isDirectory(storeDirectory)) {
            throw noStore();
        }
        return storeDirectory;
    }

    private IOException noStore() {
        return new IOException("there is no store in " + storeDirectory + "; --store names another directory");
    }

    private SkewerConfig config() throws InvalidConfig {
        return new ConfigReader().read(configDirectory == null ? ETC : configDirectory);
    }

    StoreSettings settings() throws InvalidConfig {
        return StoreConfig.settings(config());
    }

    FileDisk disk() throws IOException {
        return new FileDisk(directory());
    }

    StoreKeys keys() throws IOException, InvalidConfig {
        if (configDirectory == null && Files.notExists(ETC.resolve(ConfigReader.FILE_NAME)) && needsNoSecret()) {
            return StoreKeys.of(null);
        }
        StoreSettings.Secrets secrets = settings().secrets();
        return StoreKeys.of(secrets.present(), secrets.old());
    }

    private boolean needsNoSecret() throws IOException {
        try {
            new StoreFiles(disk(), StoreKeys.of(null)).requireReadable();
            return true;
        } catch (WrongSecretException encrypted) {
            return false;
        }
    }

    StoreFiles files() throws IOException, InvalidConfig {
        StoreFiles files = new StoreFiles(disk(), keys());
        if (Files.notExists(storeDirectory.resolve(StateFile.NAME))
                && files.list().isEmpty()) {
            throw noStore();
        }
        return files;
    }

    /** The same, for a command that says what is stored: all of it can be read. */
    StoreFiles readableFiles() throws IOException, InvalidConfig {
        StoreFiles files = files();
        files.requireReadable();
        return files;
    }

    /** Opens the store as the daemon would, with what is damaged set aside. @throws StoreInUseException while the daemon runs */
    Store open() throws IOException, InvalidConfig {
        StoreSettings settings = settings();
        return open(settings, settings.limits(), failure -> {});
    }

    /** The same, for somebody who brings messages: a full store drops nothing. */
    Store openForImport(Consumer<Throwable> onFailure) throws IOException, InvalidConfig {
        StoreSettings settings = settings();
        StoreLimits limits = settings.limits();
        return open(
                settings,
                new StoreLimits(limits.maxBytes(), limits.minFreeBytes(), StoreLimits.Policy.BLOCK),
                onFailure);
    }

    private Store open(StoreSettings settings, StoreLimits limits, Consumer<Throwable> onFailure) throws IOException {
        requireOwner();
        StoreSettings salvaging = new StoreSettings(
                settings.fsync(),
                settings.secrets(),
                settings.segmentBytes(),
                limits,
                false,
                settings.destinations(),
                settings.failureReasons());
        return Store.open(directory(), salvaging, new Measures(), onFailure);
    }

    /** Has a change made, by the running store or here. @return what was done */
    String execute(Order order) throws IOException, InvalidConfig, InterruptedException {
        requireOwner();
        if (isRunning()) {
            long number = new SecureRandom().nextLong() >>> 1;
            return new OrderFiles(disk()).send(number, order, ORDER_PATIENCE_MS);
        }
        if (order instanceof Order.Replay) {
            throw new IOException("the daemon does not run, so nothing can be delivered; start it first");
        }
        Store store = open();
        try {
            return store.execute(order);
        } finally {
            store.close();
        }
    }

    private boolean isRunning() throws IOException {
        try {
            disk().lock().close();
            return false;
        } catch (StoreInUseException running) {
            return true;
        }
    }

    /** Files that another user makes could not be read by the daemon. */
    private void requireOwner() throws IOException {
        String owner = Owner.of(directory());
        String user = Owner.ofThisProcess();
        if (!owner.equals(user)) {
            // A user of --uid-range may have no name, and sudo does not know such ones.
            String become = owner.matches("\\d+")
                    ? "sudo setpriv --reuid " + owner + " --regid " + owner + " --clear-groups"
                    : "sudo -u " + owner;
            throw new IOException("this changes the store, which belongs to " + owner + ": run it as that user, not as "
                    + user + " (" + become + " skewer ...)");
        }
    }
}
