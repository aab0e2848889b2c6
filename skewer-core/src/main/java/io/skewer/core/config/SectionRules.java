package io.skewer.core.config;

import io.skewer.core.spelling.Spelling;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What must hold in the global and destination sections beyond types and ranges. */
final class SectionRules {
    /** A key of 256 bits. */
    private static final int SECRET_BYTES = 32;

    private static final int MAX_PORT = 65535;

    private final Problems problems;
    private final ValueCheck templates;

    SectionRules(Problems problems, ValueCheck templates) {
        this.problems = problems;
        this.templates = templates;
    }

    void check(SkewerConfig config) {
        main(config.main());
        store(config.store());
        metrics(config.metrics());
        kafka(config.kafkaDestination());
        file(config.fileDestination());
    }

    private void main(MainSection main) {
        List<String> reasons = new ArrayList<>();
        for (String word : main.destinations()) {
            if (!Destinations.ALL.contains(word)) {
                reasons.add(Literal.shown(word) + " is not a destination; known are "
                        + String.join(", ", Destinations.ALL) + Spelling.suggestion(word, Destinations.ALL));
            }
        }
        problems.add(new Place("main", -1, "destination"), reasons);
    }

    private void store(StoreSection store) {
        if (!store.secret().isEmpty() && !isSecret(store.secret())) {
            refuse(
                    "store",
                    "secret",
                    "must be at least " + SECRET_BYTES
                            + " bytes in URL-safe base64; make one with: skewer make-secret");
        }
        for (String old : store.oldSecrets()) {
            if (!old.isEmpty() && !isSecret(old)) {
                refuse(
                        "store",
                        "old_secrets",
                        "each must be at least " + SECRET_BYTES + " bytes in URL-safe base64, or empty");
            }
        }
        if (store.maxSize() > 0 && store.maxSize() < 2 * store.segmentSize()) {
            refuse("store", "max_size", "must be at least twice segment_size, or 0");
        }
    }

    private static boolean isSecret(String text) {
        try {
            return Base64.getUrlDecoder().decode(text).length >= SECRET_BYTES;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private void metrics(MetricsSection metrics) {
        String path = metrics.path();
        boolean plain =
                path.startsWith("/") && path.length() > 1 && path.chars().allMatch(SectionRules::isPathCharacter);
        if (!plain || path.equals("/health")) {
            refuse("metrics", "path", "must be a path like \"/metrics\", and not \"/health\"");
        }
    }

    private static boolean isPathCharacter(int c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || "/-_.~".indexOf(c) >= 0;
    }

    private void kafka(KafkaDestination kafka) {
        if (kafka.brokers().isEmpty()) {
            refuse("kafka_destination", "brokers", "needs at least one broker");
        }
        Set<String> seen = new HashSet<>();
        List<String> reasons = new ArrayList<>();
        for (String broker : kafka.brokers()) {
            if (!isHostAndPort(broker)) {
                reasons.add("expects host:port, not " + Literal.shown(broker));
            } else if (!seen.add(broker)) {
                reasons.add(Literal.shown(broker) + " stands twice");
            }
        }
        problems.add(new Place("kafka_destination", -1, "brokers"), reasons);
        if (kafka.clientId().isBlank()) {
            refuse("kafka_destination", "client_id", "must not be empty");
        }
    }

    private static boolean isHostAndPort(String broker) {
        int colon = broker.lastIndexOf(':');
        String host = broker.substring(0, Math.max(colon, 0));
        String port = broker.substring(colon + 1);
        boolean bracketed = host.startsWith("[") && host.endsWith("]");
        if (host.isEmpty()
                || (host.indexOf(':') >= 0 && !bracketed)
                || host.chars().anyMatch(c -> c <= ' ' || c == '/' || c == ',')) {
            return false;
        }
        if (port.isEmpty() || port.length() > 5 || !port.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return false;
        }
        int number = Integer.parseInt(port);
        return number >= 1 && number <= MAX_PORT;
    }

    private void file(FileDestination file) {
        String name = file.filename();
        Place place = new Place("file_destination", -1, "filename");
        templates.problem(name).ifPresent(reason -> problems.add(place, reason));
        if (!name.startsWith("/")) {
            problems.add(place, "must begin with /: a relative name depends on where skewer was started");
            return;
        }
        if (List.of(name.split("/", -1)).contains("..")) {
            problems.add(place, "must not contain ..");
        }
        int template = name.indexOf("{{");
        String fixed = template < 0 ? name : name.substring(0, template);
        String base = fixed.substring(0, fixed.lastIndexOf('/') + 1);
        if (Path.of(base).getNameCount() == 0) {
            problems.add(place, "needs a directory before the first {{ that messages can be kept in");
        }
        if (name.endsWith("/")) {
            problems.add(place, "names a directory, not a file");
        }
    }

    private void refuse(String section, String key, String reason) {
        problems.add(new Place(section, -1, key), reason);
    }
}
