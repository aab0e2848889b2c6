package io.skewer.cli.role;

import io.skewer.core.config.SkewerConfig;
import io.skewer.core.config.StoreSection;
import io.skewer.sinks.Failure;
import io.skewer.store.StoreLimits;
import io.skewer.store.StoreSettings;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;

/** What the configuration means for the store; for the store's process and for commands on its files alike. */
public final class StoreConfig {
    private StoreConfig() {}

    public static StoreSettings settings(SkewerConfig config) {
        StoreSection section = config.store();
        return new StoreSettings(
                section.fsync(),
                secrets(section),
                section.segmentSize(),
                new StoreLimits(
                        section.maxSize(),
                        section.minFree(),
                        StoreLimits.Policy.valueOf(section.policy().toUpperCase(Locale.ROOT))),
                section.recovery().equals("strict"),
                config.main().destinations(),
                reasons());
    }

    /** The words for why a message was refused, by code. */
    public static List<String> reasons() {
        return Arrays.stream(Failure.Reason.values()).map(Failure.Reason::label).toList();
    }

    private static StoreSettings.Secrets secrets(StoreSection section) {
        return new StoreSettings.Secrets(
                decode(section.secret()),
                section.oldSecrets().stream().map(StoreConfig::decode).toList());
    }

    private static byte[] decode(String secret) {
        return Base64.getUrlDecoder().decode(secret);
    }
}
