package io.skewer.core.config;

/** {@code [metrics]}. */
public record MetricsSection(
        @Setting(value = "\"/metrics\"", about = "Path of the metrics page.")
        String path,

        @Setting(
                value = "8080",
                min = 0,
                max = 65535,
                about = "Port of the metrics page on 127.0.0.1; 0 switches it off.")
        int port) {}
