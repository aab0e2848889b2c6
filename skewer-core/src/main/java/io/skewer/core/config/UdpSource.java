package io.skewer.core.config;

/** {@code [[udp_source]]}: syslog over UDP or a unix datagram socket. Default port 1514. */
public record UdpSource(
        @Flattened Listening listening,
        @Flattened Decoding decoding,
        @Flattened Routing routing,

        @Setting(
                value = "8388608",
                size = true,
                min = 4096,
                max = 1L << 30,
                about = "Receive buffer in bytes to ask the kernel for; what it grants is logged.")
        int receiveBufferSize) {
    public static final int DEFAULT_PORT = 1514;

    public UdpSource {
        listening = listening.orPort(DEFAULT_PORT);
    }
}
