package io.skewer.core.config;

import java.util.ArrayList;
import java.util.List;

/** What is allowed but hardly meant. */
public final class ConfigWarnings {
    private ConfigWarnings() {}

    /** Sentences for the operator; none for an ordinary configuration. */
    public static List<String> of(SkewerConfig config) {
        List<String> warnings = new ArrayList<>();
        if (config.tcpSource().isEmpty()
                && config.udpSource().isEmpty()
                && config.relpSource().isEmpty()) {
            warnings.add("there is no source, so nothing will be received; add for example [[tcp_source]]");
        }
        if (!config.main().encryptIpc()) {
            warnings.add(
                    "[main] encrypt_ipc is false: messages and the store's secret pass between the processes in clear");
        }
        if (!config.store().secret().isEmpty() && config.main().destinations().contains(Destinations.FILE)) {
            warnings.add("[store] secret encrypts the store only: what [file_destination] writes is not encrypted");
        }
        return warnings;
    }
}
