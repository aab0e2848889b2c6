package io.skewer.core.config;

import java.util.List;

/** The whole of {@code skewer.toml}: one component per section, lists for the sections that may stand several times. */
public record SkewerConfig(
        MainSection main,
        StoreSection store,
        MetricsSection metrics,
        List<TcpSource> tcpSource,
        List<UdpSource> udpSource,
        List<RelpSource> relpSource,
        KafkaDestination kafkaDestination,
        FileDestination fileDestination,
        StderrDestination stderrDestination,
        ConfinementSection confinement) {
    public SkewerConfig {
        tcpSource = List.copyOf(tcpSource);
        udpSource = List.copyOf(udpSource);
        relpSource = List.copyOf(relpSource);
    }
}
