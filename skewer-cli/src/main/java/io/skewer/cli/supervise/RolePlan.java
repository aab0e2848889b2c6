package io.skewer.cli.supervise;

import io.skewer.cli.log.LogLevel;
import io.skewer.cli.role.Role;
import io.skewer.cli.role.Settings;
import io.skewer.core.config.SkewerConfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Which roles a configuration needs, and what each of them is told. */
final class RolePlan {
    private final SkewerConfig config;
    private final String storeDirectory;
    private final boolean printToStdout;
    private final LogLevel logLevel;
    private final boolean sealed;

    RolePlan(SkewerConfig config, String storeDirectory, boolean printToStdout, LogLevel logLevel, boolean sealed) {
        this.config = config;
        this.storeDirectory = storeDirectory;
        this.printToStdout = printToStdout;
        this.logLevel = logLevel;
        this.sealed = sealed;
    }

    /** In the order in which they are started: what others wait for comes first. */
    List<Role> roles() {
        List<Role> roles = new ArrayList<>();
        roles.add(Role.STORE);
        if (!config.tcpSource().isEmpty()) {
            roles.add(Role.TCP);
        }
        if (!config.udpSource().isEmpty()) {
            roles.add(Role.UDP);
        }
        if (!config.relpSource().isEmpty()) {
            roles.add(Role.RELP);
        }
        config.main().destinations().forEach(destination -> roles.add(Role.forwarderTo(destination)));
        return roles;
    }

    /** How long each generation of children may take to stop. */
    Duration stopTimeout() {
        return config.main().stopTimeout();
    }

    /** What the configuration lets a role buffer in its heap. */
    long bufferBytes(Role role) {
        return role == Role.FORWARD_KAFKA ? config.kafkaDestination().bufferMemory() : 0;
    }

    Settings settingsFor(Role role) {
        boolean prints = printToStdout && role == Role.FORWARD_STDERR;
        return new Settings(reducedFor(role), role == Role.STORE ? storeDirectory : "", prints, logLevel, sealed);
    }

    private SkewerConfig reducedFor(Role role) {
        return new SkewerConfig(
                config.main(),
                role == Role.STORE ? config.store() : config.store().withoutSecrets(),
                config.metrics(),
                role == Role.TCP ? config.tcpSource() : List.of(),
                role == Role.UDP ? config.udpSource() : List.of(),
                role == Role.RELP ? config.relpSource() : List.of(),
                config.kafkaDestination(),
                config.fileDestination(),
                config.stderrDestination(),
                config.confinement());
    }
}
