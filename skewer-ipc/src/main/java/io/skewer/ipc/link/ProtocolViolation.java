package io.skewer.ipc.link;

import java.io.IOException;

/** The other end broke the protocol of the link: the link is closed and counted, nothing that it sent is used. */
public final class ProtocolViolation extends IOException {
    private static final long serialVersionUID = 1;

    public ProtocolViolation(String message) {
        super(message);
    }
}
