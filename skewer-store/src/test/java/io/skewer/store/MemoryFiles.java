package io.skewer.store;

import io.skewer.store.disk.Disk;

/** A disk in memory with one file, for the tests of the rooms inside. */
public final class MemoryFiles {
    private MemoryFiles() {}

    public static Disk with(String name, byte[] content) {
        SimulatedDisk disk = new SimulatedDisk();
        disk.put(name, content);
        return disk;
    }

    public static Disk empty() {
        return new SimulatedDisk();
    }
}
