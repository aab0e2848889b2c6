package io.skewer.core.message;

/** The variable-length parts of a record, in the order in which their bytes stand (see {@link RecordLayout}). */
public enum Field {
    /** Where the message came in: see {@link Origin}. */
    ORIGIN(48, false),
    HOST(50, false),
    APP(52, false),
    PROCID(54, false),
    MSGID(56, false),
    /** Properties by domain and key, see {@link StructuredData}; not the text of the frame. */
    STRUCTURED_DATA(64, true),
    MESSAGE(68, true),
    /** The frame as it came, kept when parsing repaired it or when asked for. Empty when {@link #MESSAGE} is the frame. */
    RAW(72, true),
    TOPIC(58, false),
    KEY(60, false);

    /** Longest value of the short fields, whose length is an unsigned 16-bit number. */
    public static final int SHORT_FIELD_MAX_BYTES = 0xFFFF;

    private static final Field[] IN_ORDER = values();

    final int lengthOffset;
    final boolean isLong;

    Field(int lengthOffset, boolean isLong) {
        this.lengthOffset = lengthOffset;
        this.isLong = isLong;
    }

    static Field at(int ordinal) {
        return IN_ORDER[ordinal];
    }

    static int count() {
        return IN_ORDER.length;
    }
}
