package io.skewer.cli.supervise;

import io.skewer.cli.role.ListeningSocket;
import io.skewer.cli.role.Role;
import io.skewer.core.config.Listening;
import io.skewer.core.config.RelpSource;
import io.skewer.core.config.SkewerConfig;
import io.skewer.core.config.TcpSource;
import io.skewer.core.config.UdpSource;
import io.skewer.ipc.spawn.BindRequest;
import io.skewer.ipc.spawn.Launcher;
import java.io.IOException;
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
        if (!where.unixSocketPath().isEmpty()) {
            int mode = Integer.parseInt(where.unixSocketMode(), 8);
            int descriptor = launcher.bind(BindRequest.unix(kind, where.unixSocketPath(), mode));
            add(new BoundSocket(listener, new ListeningSocket(section, 0, where.unixSocketPath()), descriptor));
            return;
        }
        List<Integer> ports = where.ports().isEmpty() ? List.of(defaultPort) : where.ports();
        for (int port : ports) {
            int descriptor = launcher.bind(BindRequest.ip(kind, where.bindAddr(), port));
            add(new BoundSocket(listener, new ListeningSocket(section, port, ""), descriptor));
        }
    }

    private void add(BoundSocket socket) {
        LOG.atInfo()
                .setMessage("socket.bound")
                .addKeyValue("source", socket.listener().title())
                .addKeyValue("port", socket.socket().port())
                .addKeyValue("path", socket.socket().path())
                .log();
        bound.add(socket);
    }
}
