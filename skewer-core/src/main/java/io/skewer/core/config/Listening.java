package io.skewer.core.config;

import java.util.List;

/** Where a source listens; the default of {@code ports} depends on the source. */
public record Listening(
        @Setting(value = "[]", min = 1, max = 65535, about = "Ports to listen on; ignored with unix_socket_path.")
        List<Integer> ports,

        @Setting(value = "\"127.0.0.1\"", about = "IP address to listen on; 0.0.0.0 or :: for all.")
        String bindAddr,

        @Setting(value = "\"\"", about = "Unix socket to listen on instead; @name for an abstract one.")
        String unixSocketPath,

        @Setting(
                value = "\"0600\"",
                about =
                        "Permissions of the unix socket, octal: who may send. It belongs to the user that starts skewer.")
        String unixSocketMode) {
    public Listening {
        ports = List.copyOf(ports);
    }

    /** These settings, on that port when they name neither a port nor a unix socket. */
    Listening orPort(int defaultPort) {
        return ports.isEmpty() && unixSocketPath.isEmpty()
                ? new Listening(List.of(defaultPort), bindAddr, unixSocketPath, unixSocketMode)
                : this;
    }

    /** The permissions of the unix socket as a number. */
    public int unixSocketModeBits() {
        return Integer.parseInt(unixSocketMode, 8);
    }
}
