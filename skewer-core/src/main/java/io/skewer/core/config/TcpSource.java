package io.skewer.core.config;

/** {@code [[tcp_source]]}: syslog over TCP or a unix stream socket. Default port 1514. */
public record TcpSource(
        @Flattened Listening listening,
        @Flattened Connections connections,
        @Flattened Decoding decoding,
        @Flattened Routing routing,

        @Setting(
                value = "false",
                about =
                        "Frames end with the delimiter, always. With false each message tells: a number first is an octet count.")
        boolean lineFraming,

        @Setting(value = "\"\\n\"", about = "What ends a frame, one or more bytes.")
        String delimiter) {
    public static final int DEFAULT_PORT = 1514;

    public TcpSource {
        listening = listening.orPort(DEFAULT_PORT);
    }
}
