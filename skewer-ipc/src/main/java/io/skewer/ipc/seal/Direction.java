package io.skewer.ipc.seal;

import java.nio.charset.StandardCharsets;

/** Which way frames of a link go. Each way has its own key, and its code is authenticated: a frame sent back never opens. */
public enum Direction {
    TO_CHILD(1, "to-child"),
    TO_PARENT(2, "to-parent");

    private final byte code;
    private final String label;

    Direction(int code, String label) {
        this.code = (byte) code;
        this.label = label;
    }

    byte code() {
        return code;
    }

    /** What binds a derived key to this use (the info of RFC 5869 section 2.3). */
    byte[] info() {
        return ("skewer/link/1/" + label).getBytes(StandardCharsets.US_ASCII);
    }
}
