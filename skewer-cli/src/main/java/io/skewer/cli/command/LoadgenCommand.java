package io.skewer.cli.command;

import io.skewer.cli.loadgen.AnswerTimes;
import io.skewer.cli.loadgen.Load;
import io.skewer.cli.loadgen.Load.Transport;
import io.skewer.cli.loadgen.Loadgen;
import io.skewer.cli.loadgen.MessageForm;
import io.skewer.cli.loadgen.Outcome;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code skewer loadgen}. */
@Command(
        name = "loadgen",
        description = {
            "Send numbered messages to a syslog receiver, as fast as it takes them or at a rate.",
            "Every message carries 'from=load-CONNECTION seq=NUMBER', numbers from 0, so that what arrived can be checked.",
            "Exit code 1 when a connection failed or a message was refused."
        })
final class LoadgenCommand implements Callable<Integer> {
    private static final Map<String, Transport> TRANSPORTS = Map.of(
            "tcp", Transport.TCP_LF, "tcp-octet", Transport.TCP_OCTET, "udp", Transport.UDP, "relp", Transport.RELP);

    private static final Map<String, MessageForm.Format> FORMATS =
            Map.of("rfc5424", MessageForm.Format.RFC5424, "rfc3164", MessageForm.Format.RFC3164);

    private static final int MOST_CONNECTIONS = 60_000;
    private static final int MOST_PORT = 65_535;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Parameters(
            index = "0",
            paramLabel = "TRANSPORT",
            description = "tcp (each message ends with LF), tcp-octet (octet counting), udp, or relp.")
    private String transport = "";

    @Parameters(
            index = "1",
            paramLabel = "TARGET",
            description =
                    "HOST:PORT, [IPV6]:PORT, or the path of a unix socket (with udp a datagram socket, else a stream).")
    private String target = "";

    @Option(
            names = {"-n", "--messages"},
            paramLabel = "N",
            defaultValue = "1000000",
            description = "How many, over all connections (default: ${DEFAULT-VALUE}).")
    private long messages;

    @Option(
            names = {"-c", "--connections"},
            paramLabel = "N",
            defaultValue = "1",
            description = "Connections, each with a sender name of its own (default: ${DEFAULT-VALUE}).")
    private int connections;

    @Option(
            names = {"-s", "--size"},
            paramLabel = "BYTES",
            defaultValue = "256",
            description = "Length of a message without its framing (default: ${DEFAULT-VALUE}).")
    private int size;

    @Option(
            names = {"-r", "--rate"},
            paramLabel = "PER_SECOND",
            defaultValue = "0",
            description = "Messages per second over all connections (default: as fast as they are taken).")
    private long rate;

    @Option(
            names = {"-w", "--window"},
            paramLabel = "N",
            defaultValue = "128",
            description =
                    "With relp: messages of a connection that may wait for their answer (default: ${DEFAULT-VALUE}).")
    private int window;

    @Option(
            names = {"-f", "--format"},
            paramLabel = "FORMAT",
            defaultValue = "rfc5424",
            description = "rfc5424 or rfc3164 (default: ${DEFAULT-VALUE}).")
    private String format = "rfc5424";

    @Override
    public Integer call() throws IOException, InterruptedException {
        require(messages >= 1, "--messages is at least 1");
        require(connections >= 1 && connections <= MOST_CONNECTIONS, "--connections is 1 to " + MOST_CONNECTIONS);
        require(size >= 1 && size <= MessageForm.MAX_BYTES, "--size is 1 to " + MessageForm.MAX_BYTES);
        require(rate >= 0, "--rate cannot be negative");
        require(window >= 1 && window <= 1_000_000, "--window is 1 to 1000000");
        MessageForm form = new MessageForm(oneOf(FORMATS, format), size, Instant.now());
        Load load = new Load(oneOf(TRANSPORTS, transport), address(), form, messages, connections, rate, window);
        Outcome outcome = Loadgen.run(load);
        int printed = Answer.print(spec, describe(outcome));
        return outcome.refused() > 0 ? ExitCode.FAILURE : printed;
    }

    private String describe(Outcome outcome) {
        StringBuilder text = new StringBuilder();
        text.append(String.format(
                Locale.ROOT,
                "%s: %d messages of %d bytes over %d connections in %.3f s = %.0f messages/s%n",
                transport,
                outcome.sent(),
                size,
                connections,
                outcome.took().toNanos() / 1e9,
                outcome.rate()));
        if (outcome.postponed() > 0) {
            text.append(String.format(Locale.ROOT, "no room at first: %d times%n", outcome.postponed()));
        }
        AnswerTimes answers = outcome.answers();
        if (answers.count() > 0) {
            text.append(String.format(
                    Locale.ROOT,
                    "answers: %d refused, ms: p50 %.2f, p90 %.2f, p99 %.2f, p99.9 %.2f, max %.2f%n",
                    outcome.refused(),
                    ms(answers.within(0.5)),
                    ms(answers.within(0.9)),
                    ms(answers.within(0.99)),
                    ms(answers.within(0.999)),
                    ms(answers.max())));
        }
        return text.toString();
    }

    private static double ms(Duration duration) {
        return duration.toNanos() / 1e6;
    }

    private SocketAddress address() {
        if (target.startsWith("/")) {
            return UnixDomainSocketAddress.of(target);
        }
        int colon = target.lastIndexOf(':');
        require(colon > 0, "'" + target + "' is neither HOST:PORT nor the path of a socket");
        String host = target.substring(0, colon);
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
        }
        InetSocketAddress address = new InetSocketAddress(host, port(target.substring(colon + 1)));
        require(!address.isUnresolved(), "no address is known for '" + host + "'");
        return address;
    }

    private int port(String text) {
        try {
            int port = Integer.parseInt(text);
            require(port >= 1 && port <= MOST_PORT, "a port is 1 to " + MOST_PORT);
            return port;
        } catch (NumberFormatException cause) {
            throw new CommandLine.ParameterException(spec.commandLine(), "'" + text + "' is no port", cause);
        }
    }

    private <T> T oneOf(Map<String, T> known, String word) {
        T found = known.get(word);
        if (found == null) {
            String all = String.join(", ", known.keySet().stream().sorted().toList());
            throw new CommandLine.ParameterException(spec.commandLine(), "'" + word + "' is not one of " + all);
        }
        return found;
    }

    private void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new CommandLine.ParameterException(spec.commandLine(), otherwise);
        }
    }
}
