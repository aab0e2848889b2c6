package io.skewer.store;

import io.skewer.store.disk.Disk;
import io.skewer.store.disk.DiskFile;
import io.skewer.store.disk.StoreInUseException;
import io.skewer.store.segment.Segment;
import io.skewer.store.segment.SpareSegment;
import java.io.Closeable;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A disk in memory that knows what was synced.
 *
 * <p>{@link #afterProcessDeath} keeps all writes. {@link #afterPowerLoss} keeps of each file what was synced; of what was written since, each
 * sector of 512 bytes may be at any of its later states, whatever its neighbours are at, and the length at any of its own. Creations,
 * renames and deletions in a folder that was not synced since are done up to some moment and not behind it, as with a journal.
 *
 * <p>It fails on demand, fills up, goes read-only, and dies at any operation that changes something.
 */
final class SimulatedDisk implements Disk {
    static final String DEAD = "the process is dead";
    private static final int SECTOR_BYTES = 512;

    /** A write, or a cut when there are no bytes. */
    private record Change(int at, byte[] bytes, int sizeAfter) {}

    private static final class Content {
        byte[] bytes = new byte[0];
        byte[] synced = new byte[0];
        final List<Change> changes = new ArrayList<>();

        byte[] afterPowerLoss(Random random) {
            int sizeAt = random.nextInt(changes.size() + 1);
            int size = sizeAt == 0 ? synced.length : changes.get(sizeAt - 1).sizeAfter();
            byte[] kept = new byte[size];
            for (int sector = 0; sector < size; sector += SECTOR_BYTES) {
                int end = Math.min(size, sector + SECTOR_BYTES);
                if (sector < synced.length) {
                    System.arraycopy(synced, sector, kept, sector, Math.min(end, synced.length) - sector);
                }
                int last = random.nextInt(changes.size() + 1);
                for (Change change : changes.subList(0, last)) {
                    int from = Math.max(sector, change.at());
                    int to = Math.min(end, change.at() + change.bytes().length);
                    if (from < to) {
                        System.arraycopy(change.bytes(), from - change.at(), kept, from, to - from);
                    }
                }
            }
            return kept;
        }
    }

    /** A creation, renaming or deletion that is not synced. */
    private record Naming(String folder, Consumer<Map<String, Content>> change) {}

    private final Map<String, Content> files = new TreeMap<>();
    private final Map<String, Content> syncedNames = new TreeMap<>();
    private final List<Naming> namings = new ArrayList<>();
    private final List<SimulatedWatch> watches = new CopyOnWriteArrayList<>();
    private boolean dead;
    private boolean locked;
    private boolean readOnly;
    private boolean segmentsStay;
    private long unreadableFrom;
    private long unreadableTo;
    private long capacity = Long.MAX_VALUE;
    private int writesUntilFailure = -1;
    private int syncsUntilFailure = -1;
    private int failures;
    private String failure = "Input/output error";
    private long changesUntilDeath = -1;
    private long changesMade;
    private long writes;
    private long reads;

    /** From now on a read of any of these bytes of a file fails. */
    synchronized void breakReads(long from, long to) {
        unreadableFrom = from;
        unreadableTo = to;
    }

    /** From now on nothing that this disk is asked for happens. @return the same files for a new process */
    synchronized SimulatedDisk afterProcessDeath() {
        dead = true;
        SimulatedDisk next = new SimulatedDisk();
        Map<Content, Content> copies = new HashMap<>();
        files.forEach((name, content) -> next.files.put(name, copy(content, copies)));
        syncedNames.forEach((name, content) -> next.syncedNames.put(name, copy(content, copies)));
        // What was not synced stays so; the moments between are forgotten, all or nothing is left of them.
        if (!namings.isEmpty()) {
            Map<String, Content> all = new TreeMap<>(next.files);
            next.namings.add(new Naming("", names -> {
                names.clear();
                names.putAll(all);
            }));
        }
        return next;
    }

    private static Content copy(Content content, Map<Content, Content> copies) {
        return copies.computeIfAbsent(content, original -> {
            Content copy = new Content();
            copy.bytes = original.bytes.clone();
            copy.synced = original.synced.clone();
            copy.changes.addAll(original.changes);
            return copy;
        });
    }

    /** @return what the disk holds when the power comes back, fully synced */
    synchronized SimulatedDisk afterPowerLoss(Random random) {
        dead = true;
        Map<String, Content> names = new TreeMap<>(syncedNames);
        Map<String, Integer> left = new TreeMap<>();
        namings.forEach(naming -> left.merge(naming.folder(), 1, Integer::sum));
        left.replaceAll((folder, count) -> random.nextInt(count + 1));
        for (Naming naming : namings) {
            if (left.merge(naming.folder(), -1, Integer::sum) >= 0) {
                naming.change().accept(names);
            }
        }
        SimulatedDisk next = new SimulatedDisk();
        names.forEach((name, content) -> next.put(name, content.afterPowerLoss(random)));
        return next;
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

    /** Dies at a change to come: 0 is the next one. Of a write that it dies at, half is done. */
    synchronized void dieAfter(long changesLeft) {
        changesUntilDeath = changesLeft;
    }

    synchronized void capacity(long bytes) {
        capacity = bytes;
    }

    synchronized void readOnly(boolean on) {
        readOnly = on;
    }

    /** From now on no segment can be deleted, nor one to come. */
    synchronized void segmentsStay(boolean on) {
        segmentsStay = on;
    }

    synchronized boolean isDead() {
        return dead;
    }

    /** How many changes were asked for. */
    synchronized long changes() {
        return changesMade;
    }

    synchronized long writes() {
        return writes;
    }

    synchronized long reads() {
        return reads;
    }

    synchronized long bytes() {
        return files.values().stream()
                .mapToLong(content -> content.bytes.length)
                .sum();
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

    synchronized void remove(String name) {
        files.remove(name);
        syncedNames.remove(name);
    }

    synchronized List<String> names() {
        return List.copyOf(files.keySet());
    }

    /** Before every change. @return whether the process dies at it */
    private boolean change() throws IOException {
        if (dead) {
            throw new IOException(DEAD);
        }
        if (readOnly) {
            throw new IOException("Read-only file system");
        }
        changesMade++;
        if (changesUntilDeath >= 0 && changesUntilDeath-- == 0) {
            dead = true;
            return true;
        }
        return false;
    }

    private void name(String folder, Consumer<Map<String, Content>> change) throws IOException {
        if (change()) {
            throw new IOException(DEAD);
        }
        change.accept(files);
        namings.add(new Naming(folder, change));
        watches.forEach(SimulatedWatch::wake);
    }

    private static String folderOf(String name) {
        return name.contains("/") ? name.substring(0, name.indexOf('/')) : "";
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
        if (files.containsKey(name)) {
            throw new IOException(name + " exists");
        }
        Content content = new Content();
        name(folderOf(name), names -> names.put(name, content));
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
        Content content = files.get(from);
        if (content == null) {
            throw new FileNotFoundException(from);
        }
        name(folderOf(from), names -> {
            names.remove(from);
            names.put(to, content);
        });
    }

    @Override
    public synchronized void delete(String name) throws IOException {
        if (files.containsKey(name)) {
            if (segmentsStay && (Segment.isName(name) || name.equals(SpareSegment.NAME))) {
                throw new IOException("Operation not permitted");
            }
            name(folderOf(name), names -> names.remove(name));
        }
    }

    @Override
    public synchronized long freeBytes() {
        return capacity - bytes();
    }

    @Override
    public synchronized void syncFolder(String folder) throws IOException {
        if (change()) {
            throw new IOException(DEAD);
        }
        List<Naming> others = new ArrayList<>();
        for (Naming naming : namings) {
            if (naming.folder().equals(folder)) {
                naming.change().accept(syncedNames);
            } else {
                others.add(naming);
            }
        }
        namings.clear();
        namings.addAll(others);
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

    @Override
    public Watch watch() {
        SimulatedWatch watch = new SimulatedWatch();
        watches.add(watch);
        return watch;
    }

    /** Wakes for changes of any names: a watch may wake too often. */
    private static final class SimulatedWatch implements Watch {
        private boolean changed;
        private boolean closed;

        synchronized void wake() {
            changed = true;
            notifyAll();
        }

        @Override
        public synchronized boolean await() throws InterruptedException {
            while (!changed && !closed) {
                wait();
            }
            changed = false;
            return !closed;
        }

        @Override
        public synchronized void close() {
            closed = true;
            notifyAll();
        }
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
        public int read(byte[] target, int offset, int length, long position) throws IOException {
            synchronized (SimulatedDisk.this) {
                reads++;
                if (position < unreadableTo && position + length > unreadableFrom) {
                    throw new IOException("Input/output error");
                }
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
                boolean dies = change();
                writes++;
                @Nullable IOException broken = dies ? new IOException(DEAD) : null;
                int written = dies ? length / 2 : length;
                if (failures > 0 && writesUntilFailure >= 0 && writesUntilFailure-- == 0) {
                    failures--;
                    writesUntilFailure = failures > 0 ? 0 : -1;
                    written = length / 2;
                    broken = new IOException(failure);
                }
                long room = freeBytes() + Math.max(0, content.bytes.length - position);
                if (written > room) {
                    written = (int) Math.max(0, room);
                    broken = new IOException("No space left on device");
                }
                int end = (int) position + written;
                if (content.bytes.length < end) {
                    content.bytes = Arrays.copyOf(content.bytes, end);
                }
                System.arraycopy(source, offset, content.bytes, (int) position, written);
                content.changes.add(new Change(
                        (int) position, Arrays.copyOfRange(source, offset, offset + written), content.bytes.length));
                if (broken != null) {
                    throw broken;
                }
            }
        }

        @Override
        public void sync() throws IOException {
            synchronized (SimulatedDisk.this) {
                if (change()) {
                    throw new IOException(DEAD);
                }
                if (failures > 0 && syncsUntilFailure >= 0 && syncsUntilFailure-- == 0) {
                    failures--;
                    syncsUntilFailure = failures > 0 ? 0 : -1;
                    throw new IOException(failure);
                }
                content.synced = content.bytes.clone();
                content.changes.clear();
            }
        }

        @Override
        public void truncate(long size) throws IOException {
            synchronized (SimulatedDisk.this) {
                if (change()) {
                    throw new IOException(DEAD);
                }
                content.bytes = Arrays.copyOf(content.bytes, (int) Math.min(size, content.bytes.length));
                content.changes.add(new Change(0, new byte[0], content.bytes.length));
            }
        }

        @Override
        public void close() {
            // Nothing is held.
        }
    }
}
