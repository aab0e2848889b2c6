package io.skewer.cli;

import io.skewer.ipc.link.Link;
import io.skewer.ipc.link.PipeTransport;
import io.skewer.ipc.link.Side;
import io.skewer.ipc.seal.SessionSecret;
import java.io.IOException;

/** Two ends of a link in one process, over pipes of the kernel: whoever writes to an end that nobody reads is blocked, as in production. */
public record LinkPair(Link parent, Link child) {
    public static LinkPair open() throws IOException {
        PipeTransport[] ends = PipeTransport.pair();
        SessionSecret secret = SessionSecret.random();
        return new LinkPair(new Link(ends[0], secret, Side.PARENT, true), new Link(ends[1], secret, Side.CHILD, true));
    }
}
