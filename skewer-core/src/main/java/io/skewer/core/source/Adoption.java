package io.skewer.core.source;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Looks at an inherited socket before it is given to an event loop. */
public final class Adoption {
    /** O_NONBLOCK on Linux, all architectures that have a native library here; see open(2). */
    private static final int NON_BLOCKING = 04000;

    private static final String FLAGS = "flags:";

    private Adoption() {}

    /**
     * An event loop that accepts or receives on a blocking socket stands still for ever after the last connection or datagram.
     *
     * @throws IllegalArgumentException when the descriptor is not open, or blocks
     */
    public static void check(ListeningSocket socket) {
        if (socket.fd() < 0) {
            throw new IllegalArgumentException("no descriptor for " + socket.label());
        }
        Path descriptors = Path.of("/proc/self/fdinfo");
        if (!Files.isDirectory(descriptors)) {
            return;
        }
        try {
            for (String line : Files.readAllLines(descriptors.resolve(Integer.toString(socket.fd())))) {
                if (line.startsWith(FLAGS)) {
                    checkFlags(
                            socket,
                            Integer.parseInt(line.substring(FLAGS.length()).trim(), 8));
                }
            }
        } catch (IOException cause) {
            throw new IllegalArgumentException(
                    "descriptor " + socket.fd() + " for " + socket.label() + " is not open", cause);
        }
    }

    private static void checkFlags(ListeningSocket socket, int flags) {
        if ((flags & NON_BLOCKING) == 0) {
            throw new IllegalArgumentException(
                    "descriptor " + socket.fd() + " for " + socket.label() + " blocks; open it with SOCK_NONBLOCK");
        }
    }
}
