package io.skewer.store.recover;

import io.skewer.core.measure.Counter;
import io.skewer.core.measure.Measures;
import io.skewer.store.disk.Disk;
import io.skewer.store.disk.DiskFile;
import io.skewer.store.segment.DamageListener;
import io.skewer.store.segment.Segment;
import java.io.IOException;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The folder {@code quarantine}: bytes and files that cannot be used are kept here and never deleted by the store. Each damage is
 * counted and logged once, however many destinations come across it. Safe for use by several threads.
 */
public final class Quarantine implements DamageListener {
    public static final String FOLDER = "quarantine";
    private static final Logger LOG = LoggerFactory.getLogger(Quarantine.class);
    private static final int COPY_BYTES = 64 * 1024;

    private final Disk disk;
    private final Counter damages;
    private final Counter damagedBytes;
    private final ReentrantLock lock = new ReentrantLock();

    public Quarantine(Disk disk, Measures measures) {
        this.disk = disk;
        this.damages = measures.counter(
                "skewer_store_damages_total", "Places in the store's files that could not be used and were set aside");
        this.damagedBytes =
                measures.counter("skewer_store_damaged_bytes_total", "Bytes of the store that were set aside");
    }

    @Override
    public void damaged(Segment segment, long from, long to, String why) {
        lock.lock();
        try {
            String name = FOLDER + "/" + fileName(segment.path()) + "-" + from;
            if (!disk.exists(name)) {
                copy(segment.path(), from, to, name);
                note(segment.path(), from, to - from, why);
            }
        } catch (IOException cause) {
            LOG.atError()
                    .setMessage("store.quarantine_failed")
                    .addKeyValue("file", segment.path())
                    .addKeyValue("offset", from)
                    .setCause(cause)
                    .log();
            note(segment.path(), from, to - from, why);
        } finally {
            lock.unlock();
        }
    }

    /** Takes a whole file out of the way. */
    void moveAside(String path, String why) throws IOException {
        lock.lock();
        try {
            disk.makeFolder(FOLDER);
            String name = FOLDER + "/" + fileName(path);
            for (int copy = 1; disk.exists(name); copy++) {
                name = FOLDER + "/" + fileName(path) + "." + copy;
            }
            disk.rename(path, name);
            note(path, 0, 0, why);
        } finally {
            lock.unlock();
        }
    }

    private void note(String file, long from, long length, String why) {
        damages.increment();
        damagedBytes.add(length);
        LOG.atError()
                .setMessage("store.damaged")
                .addKeyValue("file", file)
                .addKeyValue("offset", from)
                .addKeyValue("bytes", length)
                .addKeyValue("why", why)
                .log();
    }

    private void copy(String path, long from, long to, String name) throws IOException {
        disk.makeFolder(FOLDER);
        byte[] bytes = new byte[COPY_BYTES];
        try (DiskFile source = disk.openToRead(path);
                DiskFile target = disk.create(name)) {
            for (long at = from; at < to; ) {
                int length = (int) Math.min(bytes.length, to - at);
                int count = source.read(bytes, 0, length, at);
                if (count <= 0) {
                    break;
                }
                target.write(bytes, 0, count, at - from);
                at += count;
            }
        }
    }

    private static String fileName(String path) {
        return path.replace('/', '-');
    }
}
