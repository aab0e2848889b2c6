package io.skewer.cli.e2e;

import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;

/**
 * A distribution whose C library fails on demand (native/fault). All processes of a daemon on it are confined as ever: the library makes no system
 * call that the true one would not make, and lies with the JVM where every role may read.
 */
final class FaultyLibrary {
    private static final int PAGE_BYTES = 4096;
    // The order of the numbers in skewer_fault.c.
    private static final int CLOCK_OFFSET_S = 0;
    private static final int SHORT_WRITES = 8;
    private static final int FAILED_SYNCS = 16;
    private static final int NAMES_FAIL = 24;

    private final Path home;
    private final MappedByteBuffer orders;

    private FaultyLibrary(Path home, MappedByteBuffer orders) {
        this.home = home;
        this.orders = orders;
    }

    /** @param directory gets a copy of the distribution, of links where it can */
    static FaultyLibrary install(Path directory) throws IOException, InterruptedException {
        Required.that(System.getProperty("os.name").equals("Linux"), "only Linux preloads libraries so");
        Path home = directory.resolve("skewer");
        Path built = Path.of(Execution.skewer()).resolveSibling("skewer-cli/target/skewer");
        if (!copy("-rl", built, home)) {
            // Not on one file system.
            Execution.of("rm", "-rf", home.toString());
            Required.that(copy("-r", built, home), "the distribution cannot be copied");
        }
        Path bin = home.resolve("runtime/bin");
        Path faults = Path.of(System.getProperty("skewer.faults"));
        Files.move(bin.resolve("java"), bin.resolve("java.real"));
        Files.copy(faults.resolve("faulty-java"), bin.resolve("java"));
        Files.copy(faults.resolve("libskewer_fault.so"), bin.resolve("libskewer_fault.so"));
        Path page = bin.resolve("faults");
        Files.write(page, new byte[PAGE_BYTES]);
        try (FileChannel channel = FileChannel.open(page, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            MappedByteBuffer orders = channel.map(FileChannel.MapMode.READ_WRITE, 0, PAGE_BYTES);
            orders.order(ByteOrder.nativeOrder());
            return new FaultyLibrary(home, orders);
        }
    }

    private static boolean copy(String how, Path from, Path to) throws IOException, InterruptedException {
        return Execution.of("cp", how, from.toString(), to.toString()).status() == 0;
    }

    /** Whether a process runs on it. */
    static boolean isLoadedIn(ProcessHandle process) throws IOException {
        return Files.readString(Path.of("/proc/" + process.pid() + "/maps")).contains("libskewer_fault.so");
    }

    /** The copy of the distribution. */
    Path home() {
        return home;
    }

    /** Starts skewer on this library. */
    Path script() {
        return home.resolve("skewer");
    }

    /** How far the wall clock of the daemon is ahead of that of the system. */
    void setClockAhead(Duration offset) {
        orders.putLong(CLOCK_OFFSET_S, offset.toSeconds());
    }

    /** Each write takes a random part of what it is given. */
    void writeShort() {
        orders.putLong(SHORT_WRITES, 1);
    }

    /** The next {@code fdatasync} of each process that runs now answers EIO. */
    void failNextSync() {
        orders.putLong(FAILED_SYNCS, orders.getLong(FAILED_SYNCS) + 1);
    }

    /** Whether names can be looked up. */
    void resolveNames(boolean resolved) {
        orders.putLong(NAMES_FAIL, resolved ? 0 : 1);
    }
}
