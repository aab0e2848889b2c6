package io.skewer.core.config;

import java.time.Duration;

/** How the connections of a stream source are kept. */
public record Connections(
        @Setting(value = "true", about = "Let the kernel probe silent peers (TCP keepalive).")
        boolean keepalive,

        @Setting(value = "\"75s\"", min = 1_000_000_000, about = "First probe after this silence.")
        Duration keepalivePeriod,

        @Setting(value = "\"0s\"", min = 0, about = "Close a connection that sends nothing for so long; 0: never.")
        Duration timeout,

        @Setting(
                value = "10000",
                min = 1,
                max = 1_000_000,
                about = "Most connections at a time; more are refused and counted.")
        int maxConnections) {}
