package io.skewer.store.frontier;

import io.skewer.store.disk.Disk;
import io.skewer.store.disk.DiskFile;
import io.skewer.store.segment.StoreKeys;
import java.io.Closeable;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * The file {@code state}: two slots of fixed size, written in turn, so that a crash in the middle of a write leaves the other one. The
 * newest sound slot counts. Used by one thread.
 */
public final class StateFile implements Closeable {
    public static final String NAME = "state";
    private static final String NEW_NAME = "state.new";

    private final Disk disk;
    private final StoreKeys keys;
    private @Nullable DiskFile file;
    private boolean replace;

    /**
     * Opens the file at the first {@link #write}.
     *
     * @param replace whether the file that is there shall make place for a new one
     */
    public StateFile(Disk disk, StoreKeys keys, boolean replace) {
        this.disk = disk;
        this.keys = keys;
        this.replace = replace;
    }

    /** What the file says. */
    public sealed interface Reading {
        record Found(StoreState state) implements Reading {}

        record Absent() implements Reading {}

        record Damaged() implements Reading {}

        /** Another secret wrote it. */
        record OtherSecret(long keyId) implements Reading {}
    }

    public static Reading read(Disk disk, StoreKeys keys) throws IOException {
        if (!disk.exists(NAME)) {
            return new Reading.Absent();
        }
        byte[] bytes = new byte[2 * StateSlot.BYTES];
        try (DiskFile file = disk.openToRead(NAME)) {
            int unread = file.read(bytes, 0, bytes.length, 0);
            if (unread < 0) {
                return new Reading.Damaged();
            }
        }
        Reading best = new Reading.Damaged();
        for (int slot = 0; slot < 2; slot++) {
            best = newer(best, StateSlot.read(bytes, slot * StateSlot.BYTES, keys));
        }
        return best;
    }

    private static Reading newer(Reading first, Reading second) {
        if (first instanceof Reading.Found(StoreState one) && second instanceof Reading.Found(StoreState other)) {
            return one.generation() > other.generation() ? first : second;
        }
        if (first instanceof Reading.Found || second instanceof Reading.Found) {
            return first instanceof Reading.Found ? first : second;
        }
        return first instanceof Reading.OtherSecret ? first : second;
    }

    /**
     * Writes a state over the older slot.
     *
     * @param sync whether it shall survive a power loss before this returns
     */
    public void write(StoreState state, boolean sync) throws IOException {
        byte[] slot = StateSlot.toBytes(state, keys);
        DiskFile open = file;
        if (open == null) {
            open = disk.exists(NAME) && !replace ? disk.openToWrite(NAME) : create(slot);
            file = open;
            replace = false;
        }
        try {
            open.write(slot, 0, slot.length, (state.generation() & 1) * StateSlot.BYTES);
            if (sync) {
                open.sync();
            }
        } catch (IOException cause) {
            giveUp(open, cause);
            throw cause;
        }
    }

    /** A file whose sync failed is never written to again: the next state goes to a new one that takes its place. */
    private void giveUp(DiskFile broken, IOException cause) {
        file = null;
        replace = true;
        try {
            broken.close();
        } catch (IOException second) {
            cause.addSuppressed(second);
        }
    }

    private DiskFile create(byte[] slot) throws IOException {
        disk.delete(NEW_NAME);
        DiskFile fresh = disk.create(NEW_NAME);
        try {
            fresh.write(new byte[2 * StateSlot.BYTES], 0, 2 * StateSlot.BYTES, 0);
            fresh.write(slot, 0, slot.length, 0);
            fresh.write(slot, 0, slot.length, StateSlot.BYTES);
            fresh.sync();
            disk.rename(NEW_NAME, NAME);
            disk.syncFolder("");
            return fresh;
        } catch (IOException cause) {
            fresh.close();
            throw cause;
        }
    }

    @Override
    public void close() throws IOException {
        if (file != null) {
            file.close();
            file = null;
        }
    }
}
