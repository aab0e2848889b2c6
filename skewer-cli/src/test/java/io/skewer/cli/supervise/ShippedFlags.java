package io.skewer.cli.supervise;

import io.skewer.cli.role.Role;
import java.util.List;

/** The flags with which the supervisor starts the JVM of a role, for the probes. */
public final class ShippedFlags {
    private ShippedFlags() {}

    /**
     * The class path stands last.
     *
     * @param role its title
     */
    public static List<String> of(String role) {
        return Installation.find().jvmArguments(Role.ofTitle(role), 0);
    }
}
