package io.skewer.cli.command;

import io.skewer.cli.log.LogOptions;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The command line of {@code skewer serve}.
 *
 * @param config directory of {@code skewer.toml}
 * @param store directory of the store
 * @param test print messages instead of forwarding them
 * @param uid name or number of the user to become; null: no change
 * @param gid name or number of the group to become; null: no change
 * @param uidRange numbers of users for the roles, as the launcher took them; null: all are that of {@code uid}
 * @param pidfile null: none
 */
public record ServeOptions(
        Path config,
        Path store,
        boolean test,
        @Nullable String uid,
        @Nullable String gid,
        @Nullable String uidRange,
        LogOptions log,
        @Nullable Path pidfile) {}
