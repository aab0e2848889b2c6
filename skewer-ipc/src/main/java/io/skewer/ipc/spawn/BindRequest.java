package io.skewer.ipc.spawn;

import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Objects;

/** A socket to be bound by the launcher, which may hold privileges that the supervisor has not. */
public record BindRequest(Kind kind, Place place) {
    /** What the socket carries. */
    public enum Kind {
        /** Listening for connections. */
        STREAM,
        /** Receiving datagrams. */
        DATAGRAM
    }

    /** Where the socket is bound. {@code toString} is how an operator would write it. */
    public sealed interface Place {}

    /** An address and port; an IPv6 address takes no IPv4 connections. */
    public record Inet(InetSocketAddress address) implements Place {
        public Inet {
            if (address.isUnresolved()) {
                throw new IllegalArgumentException("host " + address.getHostString() + " is unknown");
            }
        }

        int scope() {
            return address.getAddress() instanceof Inet6Address six ? six.getScopeId() : 0;
        }

        @Override
        public String toString() {
            String host = Objects.requireNonNull(address.getAddress()).getHostAddress();
            return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + address.getPort();
        }
    }

    /** A file of the file system, made with these permissions; removed when skewer ends. */
    public record UnixPath(Path path, int mode) implements Place {
        public UnixPath {
            path = path.toAbsolutePath().normalize();
            requireShort(path.toString());
            if (mode < 0 || mode > 0777) {
                throw new IllegalArgumentException("mode " + Integer.toOctalString(mode) + " of socket " + path);
            }
        }

        @Override
        public String toString() {
            return path.toString();
        }
    }

    /** A name outside the file system (Linux only). */
    public record UnixAbstract(String name) implements Place {
        public UnixAbstract {
            requireShort(name);
        }

        @Override
        public String toString() {
            return "@" + name;
        }
    }

    /** unix(7): sun_path has 108 bytes, one of them a NUL. macOS has 104 and the launcher refuses the difference. */
    private static void requireShort(String name) {
        int length = name.getBytes(StandardCharsets.UTF_8).length;
        if (length == 0 || length > 107) {
            throw new IllegalArgumentException("the name of a unix socket must have 1 to 107 bytes: " + name);
        }
    }

    public static BindRequest stream(InetSocketAddress address) {
        return new BindRequest(Kind.STREAM, new Inet(address));
    }

    public static BindRequest datagram(InetSocketAddress address) {
        return new BindRequest(Kind.DATAGRAM, new Inet(address));
    }

    @Override
    public String toString() {
        return "address " + place;
    }
}
