package io.skewer.core.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.skewer.core.config.Decoding;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TimeTest {
    private static String time(String format, String zone, String received, String frame) {
        Decoding settings = new Decoding(format, "utf8", zone, false);
        return Decoded.of(settings, frame.getBytes(StandardCharsets.UTF_8), Instant.parse(received))
                .time();
    }

    @ParameterizedTest
    @CsvSource({
        "Dec 31 23:59:59, 2026-01-01T00:00:01Z, 2025-12-31T23:59:59Z",
        "Jan  1 00:00:01, 2025-12-31T23:59:59Z, 2026-01-01T00:00:01Z",
        "Jan  1 00:00:01, 2026-01-01T00:00:01Z, 2026-01-01T00:00:01Z",
        "Jan  7 00:00:00, 2025-12-31T00:00:00Z, 2026-01-07T00:00:00Z",
        "Jan  8 00:00:00, 2025-12-31T00:00:00Z, 2025-01-08T00:00:00Z",
        "Nov 23 00:00:00, 2026-11-22T00:00:00Z, 2026-11-23T00:00:00Z",
        "Dec  5 00:00:00, 2026-11-22T00:00:00Z, 2025-12-05T00:00:00Z",
        "Feb 29 12:00:00, 2026-03-01T00:00:00Z, 2024-02-29T12:00:00Z",
        "Feb 29 12:00:00, 2104-02-01T00:00:00Z, 2096-02-29T12:00:00Z",
        "Feb 29 12:00:00, 2104-03-01T00:00:00Z, 2104-02-29T12:00:00Z"
    })
    void aMissingYearIsTheLatestThatIsNotMoreThanAWeekAhead(String stamp, String received, String expected) {
        assertThat(time("rfc3164", "UTC", received, "<13>" + stamp + " host app: text"))
                .isEqualTo(expected);
    }

    @Test
    void theYearIsGuessedAnewWhenTheClockMovesOn() {
        Decoder decoder = Decoders.of(Decoded.settings("rfc3164"));
        byte[] frame = "<13>Dec 31 10:00:00 h a: t".getBytes(StandardCharsets.UTF_8);
        assertThat(Decoded.of(decoder, frame, Instant.parse("2025-12-31T10:00:00Z"))
                        .time())
                .startsWith("2025");
        assertThat(Decoded.of(decoder, frame, Instant.parse("2026-12-31T10:00:00Z"))
                        .time())
                .startsWith("2026");
        assertThat(Decoded.of(decoder, frame, Instant.parse("2027-01-01T10:00:00Z"))
                        .time())
                .startsWith("2026");
    }

    @ParameterizedTest
    @CsvSource({
        "Europe/Paris, Jul  1 12:00:00, 2026-07-01T10:00:00Z",
        "Europe/Paris, Jan  1 12:00:00, 2026-01-01T11:00:00Z",
        "Europe/Paris, Mar 29 01:59:59, 2026-03-29T00:59:59Z",
        "Europe/Paris, Mar 29 03:00:00, 2026-03-29T01:00:00Z",
        "Europe/Paris, Oct 25 02:30:00, 2025-10-25T00:30:00Z",
        "Australia/Lord_Howe, Apr  5 01:45:00, 2026-04-04T14:45:00Z",
        "Asia/Kolkata, Jan  1 00:00:00, 2025-12-31T18:30:00Z",
        "+02:00, Jan  1 12:00:00, 2026-01-01T10:00:00Z",
        "Z, Jan  1 12:00:00, 2026-01-01T12:00:00Z"
    })
    void theZoneOfTheListenerCountsWhereTheStampHasNone(String zone, String stamp, String expected) {
        assertThat(time("auto", zone, "2026-07-02T00:00:00Z", "<13>" + stamp + " host app: text"))
                .isEqualTo(expected);
    }

    @Test
    void theZoneOfTheListenerDoesNotCountWhereTheStampHasOne() {
        String received = "2026-07-02T00:00:00Z";
        assertThat(time("auto", "Asia/Tokyo", received, "<13>1 2026-07-01T12:00:00+02:00 h a - - - t"))
                .isEqualTo("2026-07-01T10:00:00Z");
        assertThat(time("auto", "Asia/Tokyo", received, "<13>2026-07-01T12:00:00Z h a: t"))
                .isEqualTo("2026-07-01T12:00:00Z");
        assertThat(time("auto", "Asia/Tokyo", received, "<13>5: *Jul  1 12:00:00.5 EDT: %A-1-B: t"))
                .isEqualTo("2026-07-01T16:00:00.500Z");
    }

    @Test
    void anUnknownZoneIsRefusedWithItsName() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Decoders.of(new Decoding("auto", "utf8", "Mars/Olympus", false)))
                .withMessageContaining("Mars/Olympus")
                .withMessageContaining("Europe/Paris");
    }
}
