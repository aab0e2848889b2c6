package io.skewer.core.encode;

import io.skewer.core.message.ByteBuilder;
import java.time.LocalDateTime;
import java.time.ZoneOffset;

/**
 * Writes points in time as text, in UTC. The calendar is computed once per second of the stream, not once per message; so keep one
 * instance for each time that advances on its own. Used by one thread.
 */
public final class TimeText {
    private static final long NS_PER_SECOND = 1_000_000_000L;
    private static final int NS_DIGITS = 9;
    private static final String MONTHS = "JanFebMarAprMayJunJulAugSepOctNovDec";
    private static final int DATE_BYTES = 10;
    private static final int HOUR_OFFSET = 11;
    private static final int TIME_BYTES = 8;

    private long cachedSecond = Long.MIN_VALUE;
    /** {@code 2018-06-10T10:00:00}. */
    private final ByteBuilder dateTime = new ByteBuilder(32);
    /** {@code Jun 10 10:00:00}. */
    private final ByteBuilder bsd = new ByteBuilder(16);

    /** RFC 3339 with as many of the nine digits behind the second as are not trailing zeros: {@code 2018-06-10T10:00:00.12Z}. */
    public void addRfc3339(long epochNs, ByteBuilder out) {
        addRfc3339(epochNs, NS_DIGITS, out);
    }

    /** RFC 5424 section 6.2.3 allows at most six digits behind the second; what is finer is cut. */
    public void addRfc5424(long epochNs, ByteBuilder out) {
        addRfc3339(epochNs, 6, out);
    }

    /** RFC 3164 section 4.1.2: {@code Jun 10 10:00:00}, the day padded with a blank. */
    public void addRfc3164(long epochNs, ByteBuilder out) {
        update(epochNs);
        out.add(bsd.array(), 0, bsd.length());
    }

    /** {@code 2018-06-10}. */
    public void addDate(long epochNs, ByteBuilder out) {
        update(epochNs);
        out.add(dateTime.array(), 0, DATE_BYTES);
    }

    /** {@code 09}. */
    public void addHour(long epochNs, ByteBuilder out) {
        update(epochNs);
        out.add(dateTime.array(), HOUR_OFFSET, 2);
    }

    private void addRfc3339(long epochNs, int maxDigits, ByteBuilder out) {
        update(epochNs);
        out.add(dateTime.array(), 0, dateTime.length());
        long fraction = Math.floorMod(epochNs, NS_PER_SECOND);
        int digits = NS_DIGITS;
        while (digits > maxDigits || (digits > 0 && fraction % 10 == 0)) {
            fraction /= 10;
            digits--;
        }
        if (digits > 0) {
            out.add('.').addPadded(fraction, digits);
        }
        out.add('Z');
    }

    private void update(long epochNs) {
        long second = Math.floorDiv(epochNs, NS_PER_SECOND);
        if (second == cachedSecond) {
            return;
        }
        LocalDateTime time = LocalDateTime.ofEpochSecond(second, 0, ZoneOffset.UTC);
        dateTime.clear();
        // 64 bits of nanoseconds reach from the year 1677 to 2262: always four digits.
        dateTime.addPadded(time.getYear(), 4)
                .add('-')
                .addPadded(time.getMonthValue(), 2)
                .add('-');
        dateTime.addPadded(time.getDayOfMonth(), 2)
                .add('T')
                .addPadded(time.getHour(), 2)
                .add(':');
        dateTime.addPadded(time.getMinute(), 2).add(':').addPadded(time.getSecond(), 2);
        int month = 3 * (time.getMonthValue() - 1);
        bsd.clear();
        bsd.add(MONTHS.substring(month, month + 3)).add(' ');
        if (time.getDayOfMonth() < 10) {
            bsd.add(' ');
        }
        bsd.addDecimal(time.getDayOfMonth()).add(' ').add(dateTime.array(), HOUR_OFFSET, TIME_BYTES);
        cachedSecond = second;
    }
}
