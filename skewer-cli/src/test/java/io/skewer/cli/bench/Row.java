package io.skewer.cli.bench;

import io.skewer.cli.loadgen.Load;
import io.skewer.cli.loadgen.Load.Transport;
import io.skewer.cli.loadgen.MessageForm;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Instant;

/**
 * One line of a table: what is sent, and where it goes.
 *
 * @param label as on the command line
 * @param toKafka else to a file
 * @param bytes of a message without its framing
 * @param perSecond 0: as fast as it is taken
 * @param weight messages for each message of {@code bench.messages}: slow rows and those with large messages have a smaller one, so that all
 *     take about as long
 * @param fsync skewer's {@code store.fsync}
 */
record Row(
        Group group,
        String label,
        boolean toKafka,
        Transport transport,
        int connections,
        int bytes,
        long perSecond,
        double weight,
        boolean fsync) {
    /** What the senders of rsyslog have by default. */
    private static final int WINDOW = 128;

    private static final long WARM_UP_PER_SECOND = 50_000;
    private static final long WARM_UP_SECONDS = 5;
    private static final int BYTES = 256;
    private static final int CONNECTIONS = 4;

    static Row tcp(Group group, String label, boolean toKafka, double weight) {
        return new Row(group, label, toKafka, Transport.TCP_LF, CONNECTIONS, BYTES, 0, weight, false);
    }

    static Row relp(Group group, String label, boolean toKafka, double weight) {
        return new Row(group, label, toKafka, Transport.RELP, 1, BYTES, 0, weight, false);
    }

    /** Four seconds of datagrams. */
    static Row udp(Group group, long perSecond) {
        String label = "udp-" + perSecond / 1000 + "k";
        return new Row(group, label, false, Transport.UDP, 1, BYTES, perSecond, 0, false);
    }

    Row over(int others) {
        return new Row(group, label, toKafka, transport, others, bytes, perSecond, weight, fsync);
    }

    Row of(int otherBytes) {
        return new Row(group, label, toKafka, transport, connections, otherBytes, perSecond, weight, fsync);
    }

    Row synced() {
        return new Row(group, label, toKafka, transport, connections, bytes, perSecond, weight, true);
    }

    /** How many are measured. */
    long messages(long unit) {
        return perSecond > 0 ? perSecond * 4 : Math.max(1, Math.round(unit * weight));
    }

    /** Warm is what has compiled its loops and filled its heap. */
    Load warmUp(Place place, long unit) {
        if (perSecond == 0) {
            return load(place, Math.max(messages(unit) / 2, 20_000), 0);
        }
        long rate = Math.min(perSecond, WARM_UP_PER_SECOND);
        return load(place, WARM_UP_SECONDS * rate, rate);
    }

    Load load(Place place, long messages) {
        return load(place, messages, perSecond);
    }

    private Load load(Place place, long messages, long rate) {
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
                rate,
                WINDOW);
    }
}
