package io.skewer.store.disk;

import java.io.IOException;

/** Another process works on the same store. */
public final class StoreInUseException extends IOException {
    private static final long serialVersionUID = 1;

    public StoreInUseException(String message) {
        super(message);
    }
}
