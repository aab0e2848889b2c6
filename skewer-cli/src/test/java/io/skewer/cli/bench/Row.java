package io.skewer.cli.bench;

import io.skewer.cli.loadgen.Load;
import io.skewer.cli.loadgen.Load.Transport;
import io.skewer.cli.loadgen.MessageForm;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.Locale;

/** One line of the table: what is sent, and where it goes. Slow rows and those with large messages have a smaller weight, so that all take about as long. */
enum Row {
    TCP_FILE(Transport.TCP_LF, false, 4, 256, 0, 1.0),
    TCP_KAFKA(Transport.TCP_LF, true, 4, 256, 0, 0.5),
    RELP_FILE(Transport.RELP, false, 1, 256, 0, 0.25),
    RELP_KAFKA(Transport.RELP, true, 1, 256, 0, 0.25),
    RELP_FILE_8_CONNECTIONS(Transport.RELP, false, 8, 256, 0, 0.5),
    TCP_FILE_1_CONNECTION(Transport.TCP_LF, false, 1, 256, 0, 1.0),
    TCP_FILE_1000_CONNECTIONS(Transport.TCP_LF, false, 1000, 256, 0, 1.0),
    TCP_FILE_1_KIB(Transport.TCP_LF, false, 4, 1024, 0, 0.5),
    TCP_FILE_8_KIB(Transport.TCP_LF, false, 4, 8192, 0, 0.06),
    TCP_KAFKA_1_KIB(Transport.TCP_LF, true, 4, 1024, 0, 0.25),
    UDP_25K(Transport.UDP, false, 1, 256, 25_000, 0.1),
    UDP_100K(Transport.UDP, false, 1, 256, 100_000, 0.3),
    UDP_200K(Transport.UDP, false, 1, 256, 200_000, 0.5),
    UDP_300K(Transport.UDP, false, 1, 256, 300_000, 0.5);

    private static final int WINDOW = 128;

    private final Transport transport;
    private final boolean toKafka;
    private final int connections;
    private final int bytes;
    private final long perSecond;
    private final double weight;

    Row(Transport transport, boolean toKafka, int connections, int bytes, long perSecond, double weight) {
        this.transport = transport;
        this.toKafka = toKafka;
        this.connections = connections;
        this.bytes = bytes;
        this.perSecond = perSecond;
        this.weight = weight;
    }

    /** As on the command line: {@code tcp-file}. */
    String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    boolean toKafka() {
        return toKafka;
    }

    long messages(long unit) {
        return Math.max(1, Math.round(unit * weight));
    }

    Load load(Place place, long messages) {
        int port = switch (transport) {
            case TCP_LF, TCP_OCTET -> place.tcp();
            case RELP -> place.relp();
            case UDP -> place.udp();
        };
        return new Load(
                transport,
                new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
                new MessageForm(MessageForm.Format.RFC5424, bytes, Instant.now()),
                messages,
                connections,
                perSecond,
                WINDOW);
    }
}
