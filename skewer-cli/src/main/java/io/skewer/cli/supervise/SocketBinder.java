package io.skewer.cli.supervise;

import io.skewer.cli.role.Role;
import io.skewer.cli.role.SocketGrant;
import io.skewer.core.config.Listening;
import io.skewer.core.config.RelpSource;
import io.skewer.core.config.SkewerConfig;
import io.skewer.core.config.TcpSource;
import io.skewer.core.config.UdpSource;
import io.skewer.ipc.spawn.BindRequest;
import io.skewer.ipc.spawn.Launcher;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Has the launcher bind every socket of the configuration, before any listener runs. */
final class SocketBinder {
    private static final Logger LOG = LoggerFactory.getLogger(SocketBinder.class);

    private final Launcher launcher;
    private final List<BoundSocket> bound = new ArrayList<>();

    SocketBinder(Launcher launcher) {
        this.launcher = launcher;
    }

    /** @throws IOException naming the address that could not be bound, and why */
    List<BoundSocket> bindAll(SkewerConfig config) throws IOException {
        for (int i = 0; i < config.tcpSource().size(); i++) {
            bind(Role.TCP, i, config.tcpSource().get(i).listening(), TcpSource.DEFAULT_PORT);
        }
        for (int i = 0; i < config.udpSource().size(); i++) {
            bind(Role.UDP, i, config.udpSource().get(i).listening(), UdpSource.DEFAULT_PORT);
        }
        for (int i = 0; i < config.relpSource().size(); i++) {
            bind(Role.RELP, i, config.relpSource().get(i).listening(), RelpSource.DEFAULT_PORT);
        }
        return List.copyOf(bound);
    }

    private void bind(Role listener, int section, Listening where, int defaultPort) throws IOException {
        BindRequest.Kind kind = listener == Role.UDP ? BindRequest.Kind.DATAGRAM : BindRequest.Kind.STREAM;
        String path = where.unixSocketPath();
        if (!path.isEmpty()) {
            int descriptor = launcher.bind(new BindRequest(kind, unixPlace(path, where.unixSocketModeBits())));
            add(new BoundSocket(listener, new SocketGrant(section, "", 0, path), descriptor));
            return;
        }
        List<Integer> ports = where.ports().isEmpty() ? List.of(defaultPort) : where.ports();
        for (int port : ports) {
            // The configuration allows IP literals only, so this asks no name server.
            InetSocketAddress address = new InetSocketAddress(where.bindAddr(), port);
            int descriptor = launcher.bind(new BindRequest(kind, new BindRequest.Inet(address)));
            add(new BoundSocket(listener, new SocketGrant(section, where.bindAddr(), port, ""), descriptor));
        }
    }

    private static BindRequest.Place unixPlace(String path, int mode) {
        return path.startsWith("@")
                ? new BindRequest.UnixAbstract(path.substring(1))
                : new BindRequest.UnixPath(Path.of(path), mode);
    }

    private void add(BoundSocket socket) {
        LOG.atInfo()
                .setMessage("socket.bound")
                .addKeyValue("source", socket.listener().title())
                .addKeyValue("listener", socket.socket().label())
                .log();
        bound.add(socket);
    }
}
