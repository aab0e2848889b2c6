package io.skewer.core.message;

import java.util.Locale;

/** How well a frame was understood. The code is part of the record format. */
public enum ParseStatus {
    /** The frame follows its format. */
    OK,
    /** Understood in full after a deviation that real devices are known for. */
    REPAIRED,
    /** The header was understood in part; the rest of the frame is the message. */
    PARTIAL,
    /** Not understood: the whole frame is the message. */
    RAW;

    private static final ParseStatus[] BY_CODE = values();

    public byte code() {
        return (byte) ordinal();
    }

    /** The word used in metrics. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** @throws IllegalArgumentException for a code that this version does not know */
    public static ParseStatus ofCode(int code) {
        if (code < 0 || code >= BY_CODE.length) {
            throw new IllegalArgumentException("parse status " + code);
        }
        return BY_CODE[code];
    }
}
