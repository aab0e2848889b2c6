package io.skewer.store.recover;

import java.io.IOException;
import java.util.List;

/** The store is damaged and {@code store.recovery} is strict. Nothing was touched. */
public final class DamagedStoreException extends IOException {
    private static final long serialVersionUID = 1;
    private static final int SHOWN_MAX = 20;

    DamagedStoreException(List<String> findings) {
        super(
                "the store is damaged, and store.recovery = \"strict\"; nothing was changed. Found: "
                        + String.join("; ", findings.subList(0, Math.min(SHOWN_MAX, findings.size())))
                        + (findings.size() > SHOWN_MAX ? "; and " + (findings.size() - SHOWN_MAX) + " more" : "")
                        + ". 'skewer store repair' sets aside what cannot be used and keeps the rest; with --dry-run it only says so");
    }
}
