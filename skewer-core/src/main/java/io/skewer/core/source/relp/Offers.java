package io.skewer.core.source.relp;

import java.util.Arrays;
import java.util.Optional;

/**
 * What the two sides of a RELP session agree on. The client names the version of the protocol and the commands that it wants; the
 * answer names those it gets. Offers that are unknown here are not answered, which refuses them.
 */
final class Offers {
    private static final int MAX_OFFERS_BYTES = 8192;
    /** librelp knows only this one. A client with a later version has to go down to the answer's. */
    private static final String VERSION = "0";

    private Offers() {}

    /**
     * @param offered the data of the open command: lines of {@code name=value}
     * @return the data of the positive answer; empty when there is nothing to agree on
     */
    static Optional<String> answer(String offered) {
        if (offered.length() > MAX_OFFERS_BYTES) {
            return Optional.empty();
        }
        for (String line : offered.lines().toList()) {
            String offer = line.strip();
            int equals = offer.indexOf('=');
            String name = equals < 0 ? offer : offer.substring(0, equals);
            String value = equals < 0 ? "" : offer.substring(equals + 1);
            boolean refused = switch (name) {
                case "relp_version" -> !isVersion(value);
                case "commands" -> !Arrays.asList(value.split(",")).contains("syslog");
                default -> false;
            };
            if (refused) {
                return Optional.empty();
            }
        }
        return Optional.of(
                "200 OK\nrelp_version=" + VERSION + "\nrelp_software=skewer,1,https://skewer.io\ncommands=syslog");
    }

    private static boolean isVersion(String value) {
        return !value.isEmpty() && value.length() <= 3 && value.chars().allMatch(c -> c >= '0' && c <= '9');
    }
}
