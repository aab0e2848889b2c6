package io.skewer.store.recover;

import java.io.IOException;

/** The store was written with another secret than the configured one. Nothing was touched. */
public final class WrongSecretException extends IOException {
    private static final long serialVersionUID = 1;

    public WrongSecretException(String file, long written, long configured) {
        super("store.secret does not fit the store: " + file + " is " + describe(written) + ", the configuration has "
                + (configured == 0 ? "no secret" : "the secret with id " + Long.toHexString(configured))
                + "; nothing was changed; "
                + (written == 0
                        ? "put an empty text into store.old_secrets"
                        : configured == 0
                                ? "put the secret of the store into store.secret"
                                : "put the former secret into store.old_secrets"));
    }

    private static String describe(long keyId) {
        return keyId == 0 ? "not encrypted" : "encrypted with the secret with id " + Long.toHexString(keyId);
    }
}
