package io.skewer.core.config;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** What must hold in the sections of sources beyond types and ranges, and between them. */
final class SourceRules {
    /** {@code sockaddr_un.sun_path} with its final NUL has 108 bytes on Linux and 104 elsewhere. */
    private static final int MAX_UNIX_PATH_LENGTH = 103;

    private record Used(String protocol, String address, int port, String who) {}

    private final Problems problems;
    private final ValueCheck templates;
    private final List<Used> used = new ArrayList<>();

    SourceRules(Problems problems, ValueCheck templates) {
        this.problems = problems;
        this.templates = templates;
    }

    void check(SkewerConfig config) {
        if (config.metrics().port() > 0) {
            used.add(new Used("tcp", "127.0.0.1", config.metrics().port(), "the metrics page"));
        }
        for (int i = 0; i < config.tcpSource().size(); i++) {
            TcpSource source = config.tcpSource().get(i);
            Place place = new Place("tcp_source", i, "");
            common(place, source.listening(), source.decoding(), source.routing());
            ports(place, "tcp", source.listening());
            if (source.delimiter().isEmpty() || source.delimiter().length() > 16) {
                problems.add(place.key("delimiter"), "must have 1 to 16 characters");
            }
        }
        for (int i = 0; i < config.udpSource().size(); i++) {
            UdpSource source = config.udpSource().get(i);
            Place place = new Place("udp_source", i, "");
            common(place, source.listening(), source.decoding(), source.routing());
            ports(place, "udp", source.listening());
        }
        for (int i = 0; i < config.relpSource().size(); i++) {
            RelpSource source = config.relpSource().get(i);
            Place place = new Place("relp_source", i, "");
            common(place, source.listening(), source.decoding(), source.routing());
            ports(place, "tcp", source.listening());
        }
    }

    private void common(Place place, Listening listening, Decoding decoding, Routing routing) {
        if (!isIpLiteral(listening.bindAddr())) {
            problems.add(
                    place.key("bind_addr"),
                    "must be an IP address, like \"127.0.0.1\" or \"::\"; names are not looked up");
        }
        unixSocket(place, listening);
        if (Decoding.charsetNamed(decoding.charset()).isEmpty()) {
            problems.add(
                    place.key("charset"), "is not a character set that Java knows; usual are \"utf8\" and \"latin1\"");
        }
        if (Decoding.zoneNamed(decoding.timeZone()).isEmpty()) {
            problems.add(place.key("time_zone"), "is not a time zone; write \"UTC\", \"Europe/Paris\" or \"+02:00\"");
        }
        templates.problem(routing.topicTmpl()).ifPresent(reason -> problems.add(place.key("topic_tmpl"), reason));
        templates
                .problem(routing.partitionKeyTmpl())
                .ifPresent(reason -> problems.add(place.key("partition_key_tmpl"), reason));
    }

    private void unixSocket(Place place, Listening listening) {
        String path = listening.unixSocketPath();
        if (!path.isEmpty()) {
            if (!path.startsWith("/") && !path.startsWith("@")) {
                problems.add(place.key("unix_socket_path"), "must begin with / or, for an abstract name, with @");
            } else if (path.length() == 1 || path.length() > MAX_UNIX_PATH_LENGTH) {
                problems.add(place.key("unix_socket_path"), "must have 2 to " + MAX_UNIX_PATH_LENGTH + " characters");
            }
            problems.add(place.key("unix_socket_path"), claim(new Used("unix", path, 0, place.sectionText())));
        }
        String mode = listening.unixSocketMode();
        boolean octal = !mode.isEmpty() && mode.length() <= 4 && mode.chars().allMatch(c -> c >= '0' && c <= '7');
        if (!octal || Integer.parseInt(mode, 8) > 0777) {
            problems.add(place.key("unix_socket_mode"), "must be octal permissions, like \"0600\" or \"0660\"");
        }
    }

    private void ports(Place place, String protocol, Listening listening) {
        boolean known = Stream.of("ports", "bind_addr", "unix_socket_path")
                .noneMatch(key -> problems.isDoubtful(place.key(key)));
        if (known && listening.unixSocketPath().isEmpty()) {
            List<String> reasons = new ArrayList<>();
            for (int port : listening.ports()) {
                reasons.addAll(claim(new Used(protocol, listening.bindAddr(), port, place.sectionText())));
            }
            problems.add(place.key("ports"), reasons);
        }
    }

    /** @return why it cannot be had, or nothing */
    private List<String> claim(Used wanted) {
        for (Used other : used) {
            if (other.protocol().equals(wanted.protocol())
                    && other.port() == wanted.port()
                    && overlap(wanted.protocol(), other.address(), wanted.address())) {
                String what = wanted.port() == 0 ? Literal.shown(wanted.address()) : "port " + wanted.port();
                return List.of(what + " is already used by " + other.who());
            }
        }
        used.add(wanted);
        return List.of();
    }

    private static boolean overlap(String protocol, String one, String other) {
        if (protocol.equals("unix") || !isIpLiteral(one) || !isIpLiteral(other)) {
            return one.equals(other);
        }
        InetAddress a = InetAddress.ofLiteral(one);
        InetAddress b = InetAddress.ofLiteral(other);
        return a.equals(b) || a.isAnyLocalAddress() || b.isAnyLocalAddress();
    }

    /** Four numbers or IPv6: the short forms that some resolvers take, as {@code 127.1}, are not for configurations. */
    private static boolean isIpLiteral(String text) {
        if (text.indexOf(':') < 0 && text.chars().filter(c -> c == '.').count() != 3) {
            return false;
        }
        try {
            return !InetAddress.ofLiteral(text).getHostAddress().isEmpty();
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
