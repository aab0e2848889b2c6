package io.skewer.core.source;

/**
 * A socket that was opened, bound and (for streams) set listening by somebody else. It must not block: the event loop accepts until
 * the kernel says that there is nothing more ({@code O_NONBLOCK} is shared by all who inherit the socket, so one setting does).
 *
 * @param fd the descriptor in this process; owned by the listener from now on
 * @param address the local IP address as configured, empty for unix sockets
 * @param port the local port, 0 for unix sockets
 * @param unixPath the path as configured, empty for network sockets
 */
public record ListeningSocket(int fd, String address, int port, String unixPath) {
    public static ListeningSocket ofPort(int fd, String address, int port) {
        return new ListeningSocket(fd, address, port, "");
    }

    public static ListeningSocket ofPath(int fd, String unixPath) {
        return new ListeningSocket(fd, "", 0, unixPath);
    }

    public boolean isUnix() {
        return !unixPath.isEmpty();
    }

    /** What distinguishes it in metrics and in the log: {@code address:port}, {@code [address]:port} for IPv6, or the path. */
    public String label() {
        return label(address, port, unixPath);
    }

    /** The label of a socket that is not open here. */
    public static String label(String address, int port, String unixPath) {
        if (!unixPath.isEmpty()) {
            return unixPath;
        }
        return (address.indexOf(':') < 0 ? address : '[' + address + ']') + ':' + port;
    }
}
