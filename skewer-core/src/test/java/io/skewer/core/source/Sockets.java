package io.skewer.core.source;

import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.LinuxSocket;
import io.netty.channel.unix.DomainSocketAddress;
import io.skewer.core.config.Connections;
import io.skewer.core.config.Decoding;
import io.skewer.core.config.Listening;
import io.skewer.core.config.Routing;
import io.skewer.core.decode.Decoder;
import io.skewer.core.measure.Measures;
import io.skewer.core.message.Field;
import io.skewer.core.message.ParseStatus;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;

/** What the launcher and the decoders do, in small: sockets that are bound already, and settings. */
public final class Sockets {
    public static final Decoding DECODING = new Decoding("auto", "utf8", "UTC", false);
    public static final Routing ROUTING = new Routing("", "");
    public static final Treatment RAW = new Treatment(Sockets::rawDecoder);

    private Sockets() {}

    private static Decoder rawDecoder() {
        return (frame, offset, length, record) -> {
            record.parseStatus(ParseStatus.RAW);
            record.put(Field.MESSAGE, frame, offset, length);
        };
    }

    public static ListeningSocket stream(String address) throws IOException {
        Epoll.ensureAvailability();
        LinuxSocket socket = LinuxSocket.newSocketStream(address.contains(":"));
        socket.bind(new InetSocketAddress(address, 0));
        socket.listen(1024);
        return ListeningSocket.ofPort(
                socket.intValue(), address, socket.localAddress().getPort());
    }

    public static ListeningSocket unixStream(Path path) throws IOException {
        Epoll.ensureAvailability();
        LinuxSocket socket = LinuxSocket.newSocketDomain();
        socket.bind(new DomainSocketAddress(path.toString()));
        socket.listen(128);
        return ListeningSocket.ofPath(socket.intValue(), path.toString());
    }

    public static ListeningSocket datagram(String address) throws IOException {
        return datagram(address, 0);
    }

    public static ListeningSocket datagram(String address, int port) throws IOException {
        Epoll.ensureAvailability();
        LinuxSocket socket = LinuxSocket.newSocketDgram(address.contains(":"));
        socket.bind(new InetSocketAddress(address, port));
        return ListeningSocket.ofPort(
                socket.intValue(), address, socket.localAddress().getPort());
    }

    public static ListeningSocket unixDatagram(Path path) throws IOException {
        Epoll.ensureAvailability();
        LinuxSocket socket = LinuxSocket.newSocketDomainDgram();
        socket.bind(new DomainSocketAddress(path.toString()));
        return ListeningSocket.ofPath(socket.intValue(), path.toString());
    }

    public static SourceContext context(Outlet outlet, Measures measures, int maxMessageBytes) {
        return context(outlet, measures, maxMessageBytes, Duration.ofMillis(5));
    }

    public static SourceContext context(Outlet outlet, Measures measures, int maxMessageBytes, Duration batchDelay) {
        return new SourceContext(
                outlet, measures, () -> System.currentTimeMillis() * 1_000_000, batchDelay, maxMessageBytes, 2);
    }

    public static Connections connections(Duration timeout, int most) {
        return new Connections(true, Duration.ofSeconds(75), timeout, most);
    }

    public static Listening listening() {
        return new Listening(List.of(), "127.0.0.1", "", "0600");
    }

    /** The sum over all series of that name whose labels include these. */
    public static double measured(Measures measures, String name, Map<String, String> labels) {
        return measures.snapshot().stream()
                .filter(sample ->
                        sample.name().equals(name) && sample.labels().entrySet().containsAll(labels.entrySet()))
                .mapToDouble(sample -> sample.value())
                .sum();
    }

    public static void until(String what, BooleanSupplier condition) throws InterruptedException {
        long end = System.nanoTime() + 20_000_000_000L;
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("never: " + what);
            }
            Thread.sleep(5);
        }
    }
}
