package io.skewer.core.config;

/** Bytes from another process that are not what they should be. */
public final class MalformedBytes extends Exception {
    public MalformedBytes(String reason) {
        super(reason);
    }
}
