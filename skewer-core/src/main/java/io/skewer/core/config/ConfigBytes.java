package io.skewer.core.config;

import java.util.Map;

/**
 * Configuration records as bytes: how a child gets its part over its control link. Secrets travel too, so the link must be sealed.
 *
 * <p>Any record goes whose components are texts, whole numbers, booleans, durations, enums, records, or lists of these. The same
 * limits hold as in a file, because the same {@link Binder} reads it; nothing of the TOML library is loaded.
 */
public final class ConfigBytes {
    private static final String SOURCE = "settings";

    private ConfigBytes() {}

    /** The bytes of a record. */
    public static byte[] encode(Record record) {
        return PlainBytes.encode(Trees.of(record));
    }

    /**
     * The record that the bytes hold.
     *
     * @throws InvalidConfig when they are malformed, or a value is not allowed for its key
     */
    public static <T extends Record> T decode(Class<T> type, byte[] bytes) throws InvalidConfig {
        Object tree;
        try {
            tree = PlainBytes.decode(bytes);
        } catch (MalformedBytes e) {
            throw new InvalidConfig(SOURCE, String.valueOf(e.getMessage()));
        }
        if (!(tree instanceof Map<?, ?> map)) {
            throw new InvalidConfig(SOURCE, "is not a record");
        }
        Problems problems = new Problems();
        Record record = new Binder(problems, GoneKeys.NONE).bind(type, map, Place.ROOT);
        if (!problems.isEmpty()) {
            throw new InvalidConfig(problems.of(SOURCE, place -> 0));
        }
        return type.cast(record);
    }
}
