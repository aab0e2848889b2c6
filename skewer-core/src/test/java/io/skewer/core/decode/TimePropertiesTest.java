package io.skewer.core.decode;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;

class TimePropertiesTest {
    @Property(tries = 2000)
    void anyInstantAndOffsetIsReadAsJavaReadsIt(
            @ForAll @LongRange(min = -9_000_000_000L, max = 9_000_000_000L) long second,
            @ForAll @IntRange(max = 999_999_999) int nano,
            @ForAll @IntRange(min = -1079, max = 1079) int offsetMinutes) {
        OffsetDateTime moment =
                Instant.ofEpochSecond(second, nano).atOffset(ZoneOffset.ofTotalSeconds(offsetMinutes * 60));
        String text = moment.format(DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.nnnnnnnnnXXX"));
        Decoded decoded = Decoded.of("rfc5424", "<13>1 " + text + " h a - - - t");
        assertThat(decoded.time()).isEqualTo(moment.toInstant().toString());
    }

    @Property(tries = 2000)
    void onlyDatesOfTheCalendarAreDates(
            @ForAll @IntRange(min = 1600, max = 2300) int year,
            @ForAll @IntRange(max = 14) int month,
            @ForAll @IntRange(max = 33) int day) {
        boolean exists;
        try {
            LocalDate date = LocalDate.of(year, month, day);
            exists = year >= Calendar.MIN_YEAR && year <= Calendar.MAX_YEAR;
            assertThat(Calendar.daysOf(year, month, day)).isEqualTo((int) date.toEpochDay());
            assertThat(Calendar.yearOf((int) date.toEpochDay())).isEqualTo(year);
        } catch (DateTimeException cause) {
            exists = false;
        }
        assertThat(Calendar.isDate(year, month, day)).isEqualTo(exists);
    }

    @Property(tries = 1000)
    void aZoneWithClockChangesIsReadAsJavaReadsIt(@ForAll @LongRange(max = 4_000_000_000L) long localSecond) {
        LocalDateTime local = LocalDateTime.ofEpochSecond(localSecond, 0, ZoneOffset.UTC);
        long expected = local.atZone(ZoneId.of("America/New_York")).toEpochSecond();
        LocalZone zone = LocalZone.of("America/New_York");
        // Once without and once with what the cache holds; a time that a change skips is moved by java.time as well.
        assertThat(zone.toEpochSeconds(localSecond)).isEqualTo(expected);
        assertThat(zone.toEpochSeconds(localSecond)).isEqualTo(expected);
    }
}
