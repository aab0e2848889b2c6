package io.skewer.core.decode;

/**
 * Reads the time stamp of RFC 3164 section 4.1.2 as devices send it: {@code Mmm dd hh:mm:ss}, the day padded or not, the year
 * before the month, before the time, behind the time or nowhere, a fraction, and the zone's abbreviation where Cisco puts it.
 *
 * <p>A missing year is the latest one that puts the stamp no more than a week after the receive time: logs are old more often
 * than clocks are fast, and a stamp of 31 December that comes on 1 January belongs to the year before. Belongs to one thread.
 */
final class BsdStamp {
    private static final int CLOCK_AHEAD_DAYS = 7;
    /** 29 February can be this many years back (1896, 1904). */
    private static final int LEAP_GAP_YEARS = 8;

    private final LocalZone zone;
    private int cachedMonthDay = -1;
    private long cachedReceivedDay;
    private int cachedDay;

    private int end;
    private long epochNs;
    private boolean deviates;
    private int month;
    private int dayOfMonth;
    private int year;
    private int secondOfDay;
    private int fractionNs;

    BsdStamp(LocalZone zone) {
        this.zone = zone;
    }

    /** Behind the stamp that was read. */
    int end() {
        return end;
    }

    /** Nanoseconds since 1970 UTC. */
    long epochNs() {
        return epochNs;
    }

    /** Whether the stamp said something that {@link #epochNs()} does not, or second 60. */
    boolean deviates() {
        return deviates;
    }

    /** @return whether there is a stamp at {@code at}; what follows it is for the caller to judge */
    boolean read(byte[] bytes, int at, int limit, long receivedNs) {
        deviates = false;
        year = -1;
        int i = at;
        if (limit - i > 5 && bytes[i + 4] == ' ' && Scan.isDigit(bytes[i])) {
            year = Scan.number(bytes, i, i + 4);
            i = Scan.skipBlanks(bytes, i + 4, limit);
            if (year < 0) {
                return false;
            }
        }
        if (!readMonthAndDay(bytes, i, limit) || !readTime(bytes, limit)) {
            return false;
        }
        if (year < 0) {
            readYearBehind(bytes, limit);
        }
        int day = day(receivedNs);
        if (day == Integer.MIN_VALUE) {
            return false;
        }
        long local = day * Calendar.DAY_SECONDS + secondOfDay;
        int offset = readZone(bytes, limit);
        long seconds = offset == ZoneNames.UNKNOWN ? zone.toEpochSeconds(local) : local - offset;
        epochNs = seconds * Calendar.SECOND_NS + fractionNs;
        return true;
    }

    private boolean readMonthAndDay(byte[] bytes, int at, int limit) {
        // "Mmm d h:mm:ss" is the shortest.
        if (limit - at < 13 || !Scan.isBlank(bytes[at + 3])) {
            return false;
        }
        month = month(bytes, at);
        int dayAt = Scan.skipBlanks(bytes, at + 3, limit);
        end = Scan.skipDigits(bytes, dayAt, limit);
        dayOfMonth = end - dayAt > 2 ? -1 : Scan.number(bytes, dayAt, end);
        return month > 0 && dayOfMonth > 0 && end < limit && Scan.isBlank(bytes[end]);
    }

    private boolean readTime(byte[] bytes, int limit) {
        int at = Scan.skipBlanks(bytes, end, limit);
        if (year < 0 && limit - at > 4 && Scan.isBlank(bytes[at + 4]) && Scan.isDigit(bytes[at + 3])) {
            year = Scan.number(bytes, at, at + 4);
            at = Scan.skipBlanks(bytes, at + 4, limit);
        }
        if (limit - at >= 7 && bytes[at + 1] == ':' && Scan.isDigit(bytes[at])) {
            return readClock(bytes, at + 1, limit, bytes[at] - '0');
        }
        return limit - at >= 8 && readClock(bytes, at + 2, limit, Scan.twoDigits(bytes, at));
    }

    private boolean readClock(byte[] bytes, int at, int limit, int hour) {
        int minute = Scan.twoDigits(bytes, at + 1);
        int second = Scan.twoDigits(bytes, at + 4);
        boolean sound = bytes[at] == ':'
                && bytes[at + 3] == ':'
                && Integer.compareUnsigned(hour, 23) <= 0
                && Integer.compareUnsigned(minute, 59) <= 0
                && Integer.compareUnsigned(second, 60) <= 0;
        secondOfDay = hour * 3600 + minute * 60 + second;
        deviates |= second == 60;
        fractionNs = 0;
        end = at + 6;
        if (sound && limit - end > 1 && (bytes[end] == '.' || bytes[end] == ',') && Scan.isDigit(bytes[end + 1])) {
            int after = Scan.skipDigits(bytes, end + 1, limit);
            int count = Math.min(after - end - 1, 9);
            deviates |= after - end - 1 > 9;
            fractionNs = Calendar.nanos(Scan.number(bytes, end + 1, end + 1 + count), count);
            end = after;
        }
        return sound;
    }

    private void readYearBehind(byte[] bytes, int limit) {
        // Not the first group of an IPv6 address.
        boolean address = limit - end > 6 && bytes[end + 5] == ':' && isWordByte(bytes[end + 6]);
        if (limit - end >= 5 && bytes[end] == ' ' && (limit - end == 5 || !isWordByte(bytes[end + 5])) && !address) {
            int number = Scan.number(bytes, end + 1, end + 5);
            if (number >= 1970 && number < 2100) {
                year = number;
                end += 5;
            }
        }
    }

    private static boolean isWordByte(byte c) {
        return c != ' ' && c != ':';
    }

    /** Seconds east of Greenwich when the stamp names its zone. */
    private int readZone(byte[] bytes, int limit) {
        if (end < limit && bytes[end] == 'Z' && (end + 1 == limit || !isWordByte(bytes[end + 1]))) {
            end++;
            return 0;
        }
        if (limit - end < 3 || bytes[end] != ' ') {
            return ZoneNames.UNKNOWN;
        }
        int start = end + 1;
        int after = start;
        while (after < limit && bytes[after] >= 'A' && bytes[after] <= 'Z') {
            after++;
        }
        int offset = ZoneNames.offsetSeconds(bytes, start, after);
        boolean colon = after < limit && bytes[after] == ':' && (after + 1 == limit || bytes[after + 1] == ' ');
        boolean blank = after < limit && bytes[after] == ' ' && offset == 0;
        if (after - start < 2 || after - start > 5 || !(colon || blank)) {
            return ZoneNames.UNKNOWN;
        }
        // "SU:" could be a tag just as well: an unknown name is a zone only where Cisco's message code follows.
        boolean code = colon && limit - after > 2 && bytes[after + 2] == '%';
        if (offset != ZoneNames.UNKNOWN || code) {
            deviates = true;
            end = after;
        }
        return offset;
    }

    /** Days since 1970, or MIN_VALUE when there is no such date. */
    private int day(long receivedNs) {
        if (year >= 0) {
            return Calendar.isDate(year, month, dayOfMonth)
                    ? Calendar.daysOf(year, month, dayOfMonth)
                    : Integer.MIN_VALUE;
        }
        int monthDay = month << 5 | dayOfMonth;
        long receivedDay = Math.floorDiv(receivedNs, Calendar.SECOND_NS * Calendar.DAY_SECONDS);
        if (monthDay != cachedMonthDay || receivedDay != cachedReceivedDay) {
            cachedDay = guessDay((int) receivedDay);
            cachedMonthDay = monthDay;
            cachedReceivedDay = receivedDay;
        }
        return cachedDay;
    }

    private int guessDay(int receivedDay) {
        int latest = Calendar.yearOf(receivedDay + CLOCK_AHEAD_DAYS);
        for (int candidate = latest; candidate >= latest - LEAP_GAP_YEARS; candidate--) {
            if (Calendar.isDate(candidate, month, dayOfMonth)) {
                int day = Calendar.daysOf(candidate, month, dayOfMonth);
                if (day <= receivedDay + CLOCK_AHEAD_DAYS) {
                    return day;
                }
            }
        }
        return Integer.MIN_VALUE;
    }

    private static int month(byte[] bytes, int at) {
        int letters = (bytes[at] | 0x20) << 16 | (bytes[at + 1] | 0x20) << 8 | (bytes[at + 2] | 0x20);
        return switch (letters) {
            case 'j' << 16 | 'a' << 8 | 'n' -> 1;
            case 'f' << 16 | 'e' << 8 | 'b' -> 2;
            case 'm' << 16 | 'a' << 8 | 'r' -> 3;
            case 'a' << 16 | 'p' << 8 | 'r' -> 4;
            case 'm' << 16 | 'a' << 8 | 'y' -> 5;
            case 'j' << 16 | 'u' << 8 | 'n' -> 6;
            case 'j' << 16 | 'u' << 8 | 'l' -> 7;
            case 'a' << 16 | 'u' << 8 | 'g' -> 8;
            case 's' << 16 | 'e' << 8 | 'p' -> 9;
            case 'o' << 16 | 'c' << 8 | 't' -> 10;
            case 'n' << 16 | 'o' << 8 | 'v' -> 11;
            case 'd' << 16 | 'e' << 8 | 'c' -> 12;
            default -> -1;
        };
    }
}
