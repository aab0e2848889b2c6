package io.skewer.core.config;

import java.util.List;

/** Where a source listens; the default of {@code ports} depends on the source. */
public record Listening(
        @Setting(value = "[]", min = 1, max = 65535, about = "Ports to listen on; ignored with unix_socket_path.")
        List<Integer> ports,

        @Setting(value = "\"127.0.0.1\"", about = "IP address to listen on; 0.0.0.0 or :: for all.") String bindAddr,

        @Setting(value = "\"\"", about = "Unix socket to listen on instead; @name for an abstract one.")
        String unixSocketPath,

        @Setting(
                value = "\"0600\"",
                about = "Permissions of the unix socket, octal: who may send.")
        String unixSocketMode) {
    public Listening {
        ports = List.copyOf(ports);
    }
}
