package io.skewer.ipc.spawn;

import java.io.IOException;

/** The launcher answered that it did not do what it was asked for. The message is a sentence for the operator. */
public final class LauncherRefusal extends IOException {
    private static final long serialVersionUID = 1;

    private final int errno;

    LauncherRefusal(String sentence, int errno) {
        super(sentence);
        this.errno = errno;
    }

    /** The system's number of the reason, which differs between systems. */
    public int errno() {
        return errno;
    }
}
