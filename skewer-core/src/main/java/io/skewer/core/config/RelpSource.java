package io.skewer.core.config;

/** {@code [[relp_source]]}: RELP over TCP or a unix stream socket. Default port 2514. */
public record RelpSource(
        @Flattened Listening listening,
        @Flattened Connections connections,
        @Flattened Decoding decoding,
        @Flattened Routing routing,

        @Setting(
                value = "1024",
                min = 1,
                max = 1_000_000,
                about =
                        "Messages of one connection that may wait for their answer; then it is not read until some are answered.")
        int windowSize) {
    public static final int DEFAULT_PORT = 2514;

    public RelpSource {
        listening = listening.orPort(DEFAULT_PORT);
    }
}
