package io.skewer.store;

import java.io.IOException;

/** The operator's limits leave no room for another segment. */
final class NoRoomException extends IOException {
    private static final long serialVersionUID = 1;

    NoRoomException(String message) {
        super(message);
    }
}
