package io.skewer.store;

import io.skewer.store.disk.Disk;
import io.skewer.store.disk.DiskFile;
import io.skewer.store.disk.FileDisk;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A real directory, and a process that kills itself with SIGKILL at a named point: {@code MOMENT KIND OF FILE}, for example {@code after sync
 * open}. Every step of the store passes here, and nothing of this is in the product. Once the point is reached no other thread gets through
 * to the disk.
 */
final class PointedDisk implements Disk {
    /** The steps of a life: what is done to which kind of file. */
    static final List<String> POINTS = List.of(
            "create state",
            "write state",
            "sync state",
            "rename state",
            "create spare",
            "write spare",
            "sync spare",
            "rename open",
            "write open",
            "sync open",
            "rename segment",
            "truncate open",
            "delete segment",
            "folder log",
            "create letters",
            "write letters",
            "sync letters",
            "rename letters",
            "folder letters");

    private final FileDisk disk;
    private final String moment;
    private final String point;
    private final AtomicInteger countdown;
    private final Map<String, PointedFile> written = new ConcurrentHashMap<>();
    private volatile boolean dying;

    /** @param spec {@code before|half|after POINT COUNT}: the count-th time that the point is reached */
    PointedDisk(Path directory, String spec) throws IOException {
        disk = new FileDisk(directory);
        int first = spec.indexOf(' ');
        int last = spec.lastIndexOf(' ');
        moment = spec.substring(0, first);
        point = spec.substring(first + 1, last);
        countdown = new AtomicInteger(Integer.parseInt(spec.substring(last + 1)));
    }

    private interface Step {
        void run() throws IOException;
    }

    private static String kind(String name) {
        if (name.startsWith("deadletters/")) {
            return "letters";
        }
        if (name.equals("spare")) {
            return "spare";
        }
        return name.startsWith("state") ? "state" : name.endsWith(".open") ? "open" : "segment";
    }

    private void step(String what, Step half, Step whole) throws IOException {
        boolean here = what.equals(point) && countdown.decrementAndGet() == 0;
        if (here && moment.equals("before")) {
            die();
        }
        if (here && moment.equals("half")) {
            half.run();
            die();
        }
        if (dying) {
            die();
        }
        whole.run();
        if (here) {
            die();
        }
    }

    private void die() {
        dying = true;
        try {
            new ProcessBuilder(
                            "kill", "-9", String.valueOf(ProcessHandle.current().pid()))
                    .start()
                    .waitFor();
            while (true) {
                Thread.sleep(1000);
            }
        } catch (IOException | InterruptedException cause) {
            Runtime.getRuntime().halt(99);
        }
    }

    private void step(String what, Step whole) throws IOException {
        step(what, () -> {}, whole);
    }

    @Override
    public List<String> list(String folder) throws IOException {
        return disk.list(folder);
    }

    @Override
    public boolean exists(String name) {
        return disk.exists(name);
    }

    @Override
    public void makeFolder(String folder) throws IOException {
        disk.makeFolder(folder);
    }

    @Override
    public DiskFile create(String name) throws IOException {
        DiskFile[] made = new DiskFile[1];
        step("create " + kind(name), () -> made[0] = disk.create(name));
        PointedFile file = new PointedFile(kind(name), made[0]);
        written.put(name, file);
        return file;
    }

    @Override
    public DiskFile openToWrite(String name) throws IOException {
        return new PointedFile(kind(name), disk.openToWrite(name));
    }

    @Override
    public DiskFile openToRead(String name) throws IOException {
        return disk.openToRead(name);
    }

    @Override
    public void rename(String from, String to) throws IOException {
        step("rename " + kind(to), () -> disk.rename(from, to));
        PointedFile file = written.remove(from);
        if (file != null) {
            file.kind = kind(to);
        }
    }

    @Override
    public void delete(String name) throws IOException {
        step("delete " + kind(name), () -> disk.delete(name));
    }

    @Override
    public long freeBytes() throws IOException {
        return disk.freeBytes();
    }

    @Override
    public void syncFolder(String folder) throws IOException {
        step(folder.isEmpty() ? "folder log" : "folder letters", () -> disk.syncFolder(folder));
    }

    @Override
    public Closeable lock() throws IOException {
        return disk.lock();
    }

    @Override
    public Watch watch() throws IOException {
        return disk.watch();
    }

    private final class PointedFile implements DiskFile {
        private volatile String kind;
        private final DiskFile file;

        PointedFile(String kind, DiskFile file) {
            this.kind = kind;
            this.file = file;
        }

        @Override
        public long size() throws IOException {
            return file.size();
        }

        @Override
        public int read(byte[] target, int offset, int length, long position) throws IOException {
            return file.read(target, offset, length, position);
        }

        @Override
        public void write(byte[] source, int offset, int length, long position) throws IOException {
            step(
                    "write " + kind,
                    () -> file.write(source, offset, length / 2, position),
                    () -> file.write(source, offset, length, position));
        }

        @Override
        public void sync() throws IOException {
            step("sync " + kind, file::sync);
        }

        @Override
        public void truncate(long size) throws IOException {
            step("truncate " + kind, () -> file.truncate(size));
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }
}
