package io.skewer.cli.e2e;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.SocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A sender over TCP or a unix stream socket whose listener does not die: everything arrives, in order. */
final class TcpLoad extends PacedLoad {
    private final SocketAddress address;
    private final String name;
    private @Nullable OutputStream out;

    TcpLoad(SocketAddress address, String name, int perSecond) {
        super(perSecond);
        this.address = address;
        this.name = name;
    }

    @Override
    void send(int number) throws IOException {
        OutputStream open = out;
        if (open == null) {
            open = new BufferedOutputStream(Channels.newOutputStream(SocketChannel.open(address)));
            out = open;
        }
        open.write((TcpSender.message(name, number) + "\n").getBytes(StandardCharsets.US_ASCII));
        open.flush();
    }

    @Override
    public void stop() throws Exception {
        super.stop();
        if (out != null) {
            out.close();
        }
    }

    @Override
    public int promised() {
        return sent();
    }

    @Override
    public List<String> faults(History history) {
        return history.faults(sent(), name);
    }
}
