package io.skewer.core.decode;

import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneRules;

/**
 * The zone of time stamps that do not name theirs. Asks the rules of the zone, which make objects, once per quarter of an hour of
 * the stamps seen: no zone of today changes its offset at another moment. Belongs to one thread.
 */
final class LocalZone {
    private static final int QUARTER_HOUR_SECONDS = 900;

    private final ZoneRules rules;
    private final boolean fixed;
    private long cachedQuarter = Long.MIN_VALUE;
    private int cachedOffsetSeconds;

    private LocalZone(ZoneRules rules) {
        this.rules = rules;
        fixed = rules.isFixedOffset();
        if (fixed) {
            cachedOffsetSeconds = rules.getOffset(LocalDateTime.MIN).getTotalSeconds();
        }
    }

    /** @throws IllegalArgumentException when no zone is called so */
    static LocalZone of(String name) {
        try {
            return new LocalZone(ZoneId.of(name.strip()).getRules());
        } catch (DateTimeException cause) {
            throw new IllegalArgumentException(
                    "time zone \"" + name + "\" is not known; use a name like UTC, Europe/Paris or +02:00", cause);
        }
    }

    /**
     * From the time on the wall to seconds since 1970 UTC. A time that a clock change skips or repeats is taken with the offset
     * before the change.
     */
    long toEpochSeconds(long localSeconds) {
        if (fixed) {
            return localSeconds - cachedOffsetSeconds;
        }
        long quarter = Math.floorDiv(localSeconds, QUARTER_HOUR_SECONDS);
        if (quarter != cachedQuarter) {
            cachedOffsetSeconds = rules.getOffset(LocalDateTime.ofEpochSecond(localSeconds, 0, ZoneOffset.UTC))
                    .getTotalSeconds();
            cachedQuarter = quarter;
        }
        return localSeconds - cachedOffsetSeconds;
    }
}
