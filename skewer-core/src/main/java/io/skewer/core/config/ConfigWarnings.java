package io.skewer.core.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What is allowed but hardly meant. */
public final class ConfigWarnings {
    /** What is shorter was meant as seconds or milliseconds, but a number without a unit is one of nanoseconds. */
    private static final Duration SHORTEST_MEANT = Duration.ofNanos(100_000);

    private ConfigWarnings() {}

    /**
     * Sentences for the operator; none for an ordinary configuration.
     *
     * @param directory where it was read
     * @throws IOException when the file is not there any more
     */
    public static List<String> of(SkewerConfig config, Path directory) throws IOException {
        List<String> warnings = new ArrayList<>();
        Path file = directory.resolve(ConfigReader.FILE_NAME);
        if (holdsSecret(config.store()) && isReadableByAll(directory, file)) {
            warnings.add("[store] secret is in a file that every user can read: chown root:skewer " + file
                    + "; chmod 0640 " + file);
        }
        if (config.tcpSource().isEmpty()
                && config.udpSource().isEmpty()
                && config.relpSource().isEmpty()) {
            warnings.add("there is no source, so nothing will be received; add for example [[tcp_source]]");
        }
        if (!config.main().encryptIpc()) {
            warnings.add(
                    "[main] encrypt_ipc is false: messages and the store's secret pass between the processes in clear");
        }
        if (!config.store().secret().isEmpty() && config.main().destinations().contains(Destinations.FILE)) {
            warnings.add("[store] secret encrypts the store only: what [file_destination] writes is not encrypted");
        }
        for (Shape.Key section : new Shape(SkewerConfig.class).components()) {
            Object value = section.valueIn(config);
            if (value instanceof List<?> several) {
                for (int i = 0; i < several.size(); i++) {
                    addShortTimes(warnings, Place.ROOT.section(section.name(), i), (Record) several.get(i));
                }
            } else {
                addShortTimes(warnings, Place.ROOT.section(section.name(), -1), (Record) value);
            }
        }
        return warnings;
    }

    private static boolean holdsSecret(StoreSection store) {
        return !store.secret().isEmpty() || store.oldSecrets().stream().anyMatch(secret -> !secret.isEmpty());
    }

    private static boolean isReadableByAll(Path directory, Path file) throws IOException {
        return othersMay(PosixFilePermission.OTHERS_READ, file)
                && othersMay(PosixFilePermission.OTHERS_EXECUTE, directory);
    }

    private static boolean othersMay(PosixFilePermission what, Path where) throws IOException {
        PosixFileAttributeView view = Files.getFileAttributeView(where, PosixFileAttributeView.class);
        return view != null && view.readAttributes().permissions().contains(what);
    }

    private static void addShortTimes(List<String> warnings, Place place, Record section) {
        for (Shape.Key key : new Shape(section.getClass()).components()) {
            Object value = key.valueIn(section);
            if (key.isFlattened()) {
                addShortTimes(warnings, place, (Record) value);
            } else if (value instanceof Duration time && time.isPositive() && time.compareTo(SHORTEST_MEANT) < 0) {
                warnings.add(
                        place.sectionText() + " " + key.name() + " is only " + Durations.text(time)
                                + ": was a longer time meant? a number without a unit is one of nanoseconds; write the unit, like \"30s\" or \"5ms\"");
            }
        }
    }
}
