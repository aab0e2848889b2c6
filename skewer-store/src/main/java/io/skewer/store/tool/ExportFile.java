package io.skewer.store.tool;

import io.skewer.core.message.Batch;
import io.skewer.store.segment.LittleEndian;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.zip.CRC32C;

/**
 * Batches in a file of their own, to move them to another store. Not encrypted: whoever exports says so. All numbers little-endian:
 *
 * <pre>
 *  8  "SKEWEXP1"
 *     per batch: u32 length, u32 CRC32C of the batch, the batch (form: io.skewer.core.message.Batch)
 *  4  zero: the end
 *  8  number of batches
 *  8  number of records
 * </pre>
 *
 * <p>Used by one thread.
 */
public final class ExportFile {
    private static final long MAGIC = 0x31505845_57454B53L; // "SKEWEXP1"
    private static final int HEAD_BYTES = 8;

    private ExportFile() {}

    /** How much a file holds. */
    public record Contents(long batches, long records) {}

    /** Takes batches. */
    @FunctionalInterface
    public interface Reception {
        /** @param count its records */
        void batch(byte[] batch, int count) throws IOException, InterruptedException;
    }

    /** Writes all batches of a store from a number on. */
    public static Contents write(StoreFiles store, long from, OutputStream out) throws IOException {
        byte[] head = new byte[HEAD_BYTES];
        LittleEndian.putLong(head, 0, MAGIC);
        out.write(head);
        long[] counts = new long[2];
        store.read(from, (number, firstRecord, count, batch) -> {
            LittleEndian.putInt(head, 0, batch.length);
            LittleEndian.putInt(head, 4, checksum(batch));
            out.write(head);
            out.write(batch);
            counts[0]++;
            counts[1] += count;
            return true;
        });
        byte[] end = new byte[4 + 8 + 8];
        LittleEndian.putLong(end, 4, counts[0]);
        LittleEndian.putLong(end, 12, counts[1]);
        out.write(end);
        out.flush();
        return new Contents(counts[0], counts[1]);
    }

    /** @throws IOException when the file is not whole; batches before the fault have been handed on */
    public static Contents read(InputStream source, Reception reception) throws IOException, InterruptedException {
        DataInputStream in = new DataInputStream(source);
        byte[] head = new byte[HEAD_BYTES];
        if (in.readNBytes(head, 0, HEAD_BYTES) < HEAD_BYTES || LittleEndian.getLong(head, 0) != MAGIC) {
            throw new IOException("not a file that 'skewer store export' wrote");
        }
        long batches = 0;
        long records = 0;
        try {
            while (true) {
                in.readFully(head, 0, 4);
                int length = LittleEndian.getInt(head, 0);
                if (length == 0) {
                    break;
                }
                if (length < 0 || length > Batch.HEADER_BYTES + Batch.MAX_BYTES) {
                    throw new IOException("batch " + (batches + 1) + " would have " + length + " bytes");
                }
                in.readFully(head, 4, 4);
                byte[] batch = new byte[length];
                in.readFully(batch);
                if (checksum(batch) != LittleEndian.getInt(head, 4)) {
                    throw new IOException("batch " + (batches + 1) + " is damaged");
                }
                int count = count(batch, batches + 1);
                records += count;
                batches++;
                reception.batch(batch, count);
            }
            byte[] end = new byte[16];
            in.readFully(end);
            if (LittleEndian.getLong(end, 0) != batches || LittleEndian.getLong(end, 8) != records) {
                throw new IOException(
                        "the file counts " + LittleEndian.getLong(end, 0) + " batches, " + batches + " are in it");
            }
        } catch (EOFException cut) {
            throw new IOException("the file is cut off behind batch " + batches, cut);
        }
        return new Contents(batches, records);
    }

    private static int count(byte[] batch, long number) throws IOException {
        try {
            return Batch.read(batch, 0, batch.length).count();
        } catch (IllegalArgumentException unsound) {
            throw new IOException("batch " + number + " is none: " + unsound.getMessage(), unsound);
        }
    }

    private static int checksum(byte[] batch) {
        CRC32C crc = new CRC32C();
        crc.update(batch, 0, batch.length);
        return (int) crc.getValue();
    }
}
