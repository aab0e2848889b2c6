package io.skewer.store;

import io.skewer.store.disk.Disk;
import io.skewer.store.disk.DiskFile;
import io.skewer.store.disk.StoreInUseException;
import java.io.Closeable;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A disk in memory that knows what was synced. {@link #afterProcessDeath} keeps all writes, {@link #afterPowerLoss} keeps of each file what
 * was synced and any part of the rest, cut at sectors; names that were not synced may be gone. It fails on demand.
 */
final class SimulatedDisk implements Disk {
    private static final int SECTOR_BYTES = 512;

    private static final class Content {
        byte[] bytes = new byte[0];
        byte[] synced = new byte[0];
    }

    private final Map<String, Content> files = new TreeMap<>();
    private final Map<String, Content> syncedNames = new TreeMap<>();
    private boolean dead;
    private boolean locked;
    private int writesUntilFailure = -1;
    private int syncsUntilFailure = -1;
    private int failures;
    private String failure = "Input/output error";
    private long writes;
    private long reads;

    /** From now on nothing that this disk is asked for happens. @return the same files for a new process */
    synchronized SimulatedDisk afterProcessDeath() {
        dead = true;
        SimulatedDisk next = new SimulatedDisk();
        files.forEach((name, content) -> {
            Content copy = new Content();
            copy.bytes = content.bytes.clone();
            copy.synced = content.synced.clone();
            next.files.put(name, copy);
            if (syncedNames.get(name) == content) {
                next.syncedNames.put(name, copy);
            }
        });
        return next;
    }

    /** @return what the disk holds when the power comes back, fully synced */
    synchronized SimulatedDisk afterPowerLoss(Random random) {
        dead = true;
        SimulatedDisk next = new SimulatedDisk();
        boolean namesReachedDisk = random.nextBoolean();
        (namesReachedDisk ? files : syncedNames).forEach((name, content) -> {
            Content copy = new Content();
            copy.bytes = survivors(content, random);
            copy.synced = copy.bytes.clone();
            next.files.put(name, copy);
            next.syncedNames.put(name, copy);
        });
        return next;
    }

    private static byte[] survivors(Content content, Random random) {
        int length = content.bytes.length <= content.synced.length
                ? content.bytes.length
                : content.synced.length + random.nextInt(content.bytes.length - content.synced.length + 1);
        byte[] kept = Arrays.copyOf(content.synced, length);
        for (int at = 0; at < length; at += SECTOR_BYTES) {
            if (random.nextBoolean()) {
                System.arraycopy(content.bytes, at, kept, at, Math.min(SECTOR_BYTES, length - at));
            }
        }
        return kept;
    }

    synchronized void failWriteAfter(int writesLeft, int times, String why) {
        writesUntilFailure = writesLeft;
        failures = times;
        failure = why;
    }

    synchronized void failSyncAfter(int syncsLeft, int times) {
        syncsUntilFailure = syncsLeft;
        failures = times;
        failure = "Input/output error";
    }

    synchronized long writes() {
        return writes;
    }

    synchronized long reads() {
        return reads;
    }

    synchronized byte[] content(String name) {
        Content found = files.get(name);
        if (found == null) {
            throw new IllegalArgumentException(name);
        }
        return found.bytes.clone();
    }

    synchronized void put(String name, byte[] bytes) {
        Content content = new Content();
        content.bytes = bytes.clone();
        content.synced = bytes.clone();
        files.put(name, content);
        syncedNames.put(name, content);
    }

    synchronized List<String> names() {
        return List.copyOf(files.keySet());
    }

    private void checkAlive() throws IOException {
        if (dead) {
            throw new IOException("the process is dead");
        }
    }

    @Override
    public synchronized List<String> list(String folder) {
        String prefix = folder.isEmpty() ? "" : folder + "/";
        return files.keySet().stream()
                .filter(name -> name.startsWith(prefix) && name.indexOf('/', prefix.length()) < 0)
                .map(name -> name.substring(prefix.length()))
                .toList();
    }

    @Override
    public synchronized boolean exists(String name) {
        return files.containsKey(name);
    }

    @Override
    public void makeFolder(String folder) {
        // Folders are part of the names.
    }

    @Override
    public synchronized DiskFile create(String name) throws IOException {
        checkAlive();
        if (files.containsKey(name)) {
            throw new IOException(name + " exists");
        }
        Content content = new Content();
        files.put(name, content);
        return new OpenFile(content);
    }

    @Override
    public DiskFile openToWrite(String name) throws IOException {
        return openToRead(name);
    }

    @Override
    public synchronized DiskFile openToRead(String name) throws IOException {
        Content content = files.get(name);
        if (content == null) {
            throw new FileNotFoundException(name);
        }
        return new OpenFile(content);
    }

    @Override
    public synchronized void rename(String from, String to) throws IOException {
        checkAlive();
        Content content = files.remove(from);
        if (content == null) {
            throw new FileNotFoundException(from);
        }
        files.put(to, content);
    }

    @Override
    public synchronized void delete(String name) throws IOException {
        checkAlive();
        files.remove(name);
    }

    @Override
    public synchronized void syncFolder(String folder) throws IOException {
        checkAlive();
        syncedNames.clear();
        syncedNames.putAll(files);
    }

    @Override
    public synchronized Closeable lock() throws IOException {
        if (locked) {
            throw new StoreInUseException("in use");
        }
        locked = true;
        return () -> {
            synchronized (this) {
                locked = false;
            }
        };
    }

    private final class OpenFile implements DiskFile {
        private final Content content;

        OpenFile(Content content) {
            this.content = content;
        }

        @Override
        public long size() {
            synchronized (SimulatedDisk.this) {
                return content.bytes.length;
            }
        }

        @Override
        public int read(byte[] target, int offset, int length, long position) {
            synchronized (SimulatedDisk.this) {
                reads++;
                int count = (int) Math.max(0, Math.min(length, content.bytes.length - position));
                if (count > 0) {
                    System.arraycopy(content.bytes, (int) position, target, offset, count);
                }
                return count;
            }
        }

        @Override
        public void write(byte[] source, int offset, int length, long position) throws IOException {
            synchronized (SimulatedDisk.this) {
                checkAlive();
                writes++;
                int written = length;
                @Nullable IOException broken = null;
                if (failures > 0 && writesUntilFailure >= 0 && writesUntilFailure-- == 0) {
                    failures--;
                    writesUntilFailure = failures > 0 ? 0 : -1;
                    written = length / 2;
                    broken = new IOException(failure);
                }
                int end = (int) position + written;
                if (content.bytes.length < end) {
                    content.bytes = Arrays.copyOf(content.bytes, end);
                }
                System.arraycopy(source, offset, content.bytes, (int) position, written);
                if (broken != null) {
                    throw broken;
                }
            }
        }

        @Override
        public void sync() throws IOException {
            synchronized (SimulatedDisk.this) {
                checkAlive();
                if (failures > 0 && syncsUntilFailure >= 0 && syncsUntilFailure-- == 0) {
                    failures--;
                    syncsUntilFailure = failures > 0 ? 0 : -1;
                    throw new IOException(failure);
                }
                content.synced = content.bytes.clone();
            }
        }

        @Override
        public void truncate(long size) throws IOException {
            synchronized (SimulatedDisk.this) {
                checkAlive();
                content.bytes = Arrays.copyOf(content.bytes, (int) Math.min(size, content.bytes.length));
            }
        }

        @Override
        public void close() {
            // Nothing is held.
        }
    }
}
