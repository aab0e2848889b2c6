package io.skewer.cli.supervise;

import java.util.List;

/** The flags with which the supervisor starts the JVM of a role, for the probes. */
public final class ShippedFlags {
    private ShippedFlags() {}

    /** The class path stands last. */
    public static List<String> of(String role) {
        return Installation.find().jvmArguments(role);
    }
}
