package io.skewer.store;

import io.skewer.store.disk.Disk;
import io.skewer.store.disk.FileDisk;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.UUID;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * What the store takes from outside, so that tests can hold it in their hands.
 *
 * @param random for salts and the store's name; unpredictable but in tests
 * @param clockMs ms since 1970 UTC, for the dead letters only: nothing in the store goes by the time of day
 */
record Surroundings(Disk disk, RandomGenerator random, LongSupplier clockMs) {
    static Surroundings real(Path directory) throws IOException {
        return new Surroundings(new FileDisk(directory), new SecureRandom(), System::currentTimeMillis);
    }

    UUID newName() {
        return new UUID(random.nextLong(), random.nextLong());
    }
}
