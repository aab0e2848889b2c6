package io.skewer.store.deadletter;

import io.skewer.core.message.Field;
import io.skewer.core.message.RecordView;
import io.skewer.store.disk.Owner;
import io.skewer.store.segment.StoreKeys;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;
import org.mapdb.Atomic;
import org.mapdb.DB;
import org.mapdb.DBException;
import org.mapdb.DBMaker;
import org.mapdb.Serializer;

/**
 * Finds dead letters by destination, reason, sender and time. The only place of MapDB, and nothing but a memory of what the segments say:
 * when it is not there, was not closed in order, belongs to another log or cannot be written, it is made anew from them, in memory if need be.
 * Deleting it loses nothing. Who does not own the store has it in memory always: what root made there its owner could not read.
 *
 * <p>With a secret, senders stand in it only as codes that the secret is needed to make; no part of a message stands in it at all. Used by
 * one thread.
 */
public final class LetterIndex implements Closeable {
    private static final String PURPOSE = "skewer/sender/1";
    private static final UUID NO_STORE = new UUID(0, 0);

    private final StoreKeys keys;
    private final DB db;
    private final ConcurrentMap<Long, String> rows;
    private final NavigableSet<String> facets;
    private final Atomic.Long nextNumber;
    private final Atomic.String log;

    private LetterIndex(StoreKeys keys, DB db) {
        this.keys = keys;
        this.db = db;
        this.rows = db.treeMap("rows", Serializer.LONG, Serializer.STRING).createOrOpen();
        this.facets = db.treeSet("facets", Serializer.STRING).createOrOpen();
        this.nextNumber = db.atomicLong("next").createOrOpen();
        this.log = db.atomicString("log").createOrOpen();
    }

    /**
     * What is looked for.
     *
     * @param destination null: any
     * @param reasonCode null: any
     * @param sender the peer's address; null: any
     * @param fromMs refused at or after, ms since 1970 UTC
     * @param toMs refused before
     */
    public record Filter(
            @Nullable String destination,
            @Nullable Integer reasonCode,
            @Nullable String sender,
            long fromMs,
            long toMs) {
        public static final Filter ALL = new Filter(null, null, null, Long.MIN_VALUE, Long.MAX_VALUE);
    }

    private record Row(String destination, int reasonCode, String senderCode, long failedMs) {
        String text() {
            return reasonCode + " " + failedMs + " " + senderCode + " " + destination;
        }

        static Row of(String text) {
            String[] parts = text.split(" ", 4);
            return new Row(parts[3], Integer.parseInt(parts[0]), parts[2], Long.parseLong(parts[1]));
        }
    }

    /** Opens the index in a file, or makes it, and takes in what was written since. */
    public static LetterIndex open(Path file, StoreKeys keys, LetterLog letters) throws IOException {
        LetterIndex index;
        try {
            index = belongsToUs(file.getParent()) ? inFile(file, keys) : inMemory(keys);
        } catch (DBException unsound) {
            index = makeAnew(file, keys);
        }
        if (!index.belongsTo(letters)) {
            index.close();
            index = makeAnew(file, keys);
        }
        index.catchUp(letters);
        return index;
    }

    private static LetterIndex makeAnew(Path file, StoreKeys keys) throws IOException {
        try {
            Files.deleteIfExists(file);
            return inFile(file, keys);
        } catch (DBException | IOException notWritable) {
            return inMemory(keys);
        }
    }

    /** MapDB makes files as the umask lets it; until it is 0600, the directories above, 0700, keep others away. */
    private static LetterIndex inFile(Path file, StoreKeys keys) throws IOException {
        LetterIndex index = new LetterIndex(keys, DBMaker.fileDB(file.toFile()).make());
        PosixFileAttributeView view = Files.getFileAttributeView(file, PosixFileAttributeView.class);
        if (view != null) {
            view.setPermissions(PosixFilePermissions.fromString("rw-------"));
        }
        return index;
    }

    private static boolean belongsToUs(@Nullable Path folder) throws IOException {
        return folder != null && Files.isDirectory(folder) && Owner.of(folder).equals(Owner.ofThisProcess());
    }

    private static LetterIndex inMemory(StoreKeys keys) {
        return new LetterIndex(keys, DBMaker.memoryDB().make());
    }

    private static String nameOf(LetterLog letters) throws IOException {
        var segments = letters.segments();
        UUID store =
                segments.isEmpty() ? NO_STORE : segments.getFirst().header().store();
        return store.toString();
    }

    private boolean belongsTo(LetterLog letters) throws IOException {
        String name = log.get();
        return name == null || name.isEmpty() || name.equals(nameOf(letters));
    }

    private void catchUp(LetterLog letters) throws IOException {
        if (!nameOf(letters).equals(NO_STORE.toString())) {
            log.set(nameOf(letters));
        }
        letters.read(Math.max(1, nextNumber.get()), new LetterLog.Visitor() {
            @Override
            public void letter(long number, DeadLetter letter) {
                add(number, letter);
                nextNumber.set(number + 1);
            }

            @Override
            public void gone(Gone gone) {
                for (long number = gone.from(); number < gone.to(); number++) {
                    remove(number);
                }
            }
        });
    }

    private void add(long number, DeadLetter letter) {
        Row row = new Row(letter.destination(), letter.reasonCode() & 0xFF, code(senderOf(letter)), letter.failedMs());
        rows.put(number, row.text());
        facetsOf(row).forEach(facet -> facets.add(facet + hex(number)));
    }

    private void remove(long number) {
        String text = rows.remove(number);
        if (text != null) {
            facetsOf(Row.of(text)).forEach(facet -> facets.remove(facet + hex(number)));
        }
    }

    private static List<String> facetsOf(Row row) {
        return List.of(
                "d/" + row.destination() + "/",
                "r/" + row.reasonCode() + "/",
                "s/" + row.senderCode() + "/",
                "t/" + hex(row.failedMs()) + "/");
    }

    private static String hex(long number) {
        return HexFormat.of().toHexDigits(number);
    }

    /** The address of whoever sent a letter's message; empty for a unix socket or a damaged record. */
    public static String senderOf(DeadLetter letter) {
        try {
            RecordView record = new RecordView().wrap(letter.record(), 0, letter.record().length);
            return record.has(Field.ORIGIN) ? record.origin().clientAddress() : "";
        } catch (IllegalArgumentException unsound) {
            return "";
        }
    }

    private String code(String sender) {
        if (!keys.encrypt()) {
            return sender.isEmpty() ? "-" : sender;
        }
        byte[] bytes = sender.getBytes(StandardCharsets.UTF_8);
        return HexFormat.of().formatHex(keys.mac(PURPOSE, NO_STORE, 0, bytes, bytes.length));
    }

    /** The numbers of the letters that fit, rising. */
    public List<Long> find(Filter filter) {
        List<Long> found = new ArrayList<>();
        Optional<String> facet = Optional.ofNullable(filter.sender())
                .map(sender -> "s/" + code(sender) + "/")
                .or(() -> Optional.ofNullable(filter.reasonCode()).map(reason -> "r/" + reason + "/"))
                .or(() -> Optional.ofNullable(filter.destination()).map(name -> "d/" + name + "/"));
        if (facet.isPresent()) {
            String prefix = facet.get();
            for (String entry : facets.subSet(prefix, true, prefix + "g", false)) {
                addIfFits(Long.parseUnsignedLong(entry.substring(prefix.length()), 16), filter, found);
            }
        } else if (filter.fromMs() > 0 || filter.toMs() < Long.MAX_VALUE) {
            String from = "t/" + hex(Math.max(0, filter.fromMs())) + "/";
            for (String entry : facets.subSet(from, true, "t/" + hex(filter.toMs()) + "/", false)) {
                addIfFits(Long.parseUnsignedLong(entry.substring(entry.lastIndexOf('/') + 1), 16), filter, found);
            }
            found.sort(null);
        } else {
            found.addAll(rows.keySet());
        }
        return found;
    }

    private void addIfFits(long number, Filter filter, List<Long> found) {
        String text = rows.get(number);
        if (text == null) {
            return;
        }
        Row row = Row.of(text);
        boolean fits = (filter.destination() == null || filter.destination().equals(row.destination()))
                && (filter.reasonCode() == null || filter.reasonCode() == row.reasonCode())
                && (filter.sender() == null || code(filter.sender()).equals(row.senderCode()))
                && row.failedMs() >= filter.fromMs()
                && row.failedMs() < filter.toMs();
        if (fits) {
            found.add(number);
        }
    }

    @Override
    public void close() {
        db.close();
    }
}
