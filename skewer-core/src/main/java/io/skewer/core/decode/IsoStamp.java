package io.skewer.core.decode;

/**
 * Reads the time stamp of RFC 5424 section 6.2.3 (a profile of RFC 3339), and forgives what senders are known for: lower case
 * letters, a blank or comma for T or point, offsets without colon, a missing offset (the listener's zone counts), second 60, more
 * digits than nine. Belongs to one thread.
 */
final class IsoStamp {
    /** From the year to the second. */
    private static final int SECONDS_LENGTH = 19;

    private final LocalZone zone;
    private long cachedDateHead;
    private short cachedDateTail;
    private int cachedDay;
    private boolean dateCached;

    private int end;
    private long epochNs;
    private boolean deviates;
    private int fractionNs;

    IsoStamp(LocalZone zone) {
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

    /** Whether the stamp is not as RFC 5424 wants it. */
    boolean deviates() {
        return deviates;
    }

    /** @return whether there is a stamp at {@code at}; what follows it is for the caller to judge */
    boolean read(byte[] bytes, int at, int limit) {
        if (limit - at < SECONDS_LENGTH || !readDate(bytes, at)) {
            return false;
        }
        byte separator = bytes[at + 10];
        deviates = separator != 'T';
        int hour = Scan.twoDigits(bytes, at + 11);
        int minute = Scan.twoDigits(bytes, at + 14);
        int second = Scan.twoDigits(bytes, at + 17);
        boolean sound = (separator == 'T' || separator == 't' || separator == ' ')
                && bytes[at + 13] == ':'
                && bytes[at + 16] == ':'
                && Integer.compareUnsigned(hour, 23) <= 0
                && Integer.compareUnsigned(minute, 59) <= 0
                && Integer.compareUnsigned(second, 60) <= 0;
        if (!sound) {
            return false;
        }
        deviates |= second == 60;
        long localSeconds = cachedDay * Calendar.DAY_SECONDS + hour * 3600L + minute * 60L + second;
        end = at + SECONDS_LENGTH;
        return readFraction(bytes, limit) && readOffset(bytes, limit, localSeconds);
    }

    private boolean readDate(byte[] bytes, int at) {
        long head = (long) Scan.LONG.get(bytes, at);
        short tail = (short) Scan.SHORT.get(bytes, at + 8);
        if (dateCached && head == cachedDateHead && tail == cachedDateTail) {
            return true;
        }
        int year = Scan.number(bytes, at, at + 4);
        int month = Scan.twoDigits(bytes, at + 5);
        int day = Scan.twoDigits(bytes, at + 8);
        if (bytes[at + 4] != '-' || bytes[at + 7] != '-' || !Calendar.isDate(year, month, day)) {
            return false;
        }
        cachedDay = Calendar.daysOf(year, month, day);
        cachedDateHead = head;
        cachedDateTail = tail;
        dateCached = true;
        return true;
    }

    private boolean readFraction(byte[] bytes, int limit) {
        fractionNs = 0;
        if (end == limit || (bytes[end] != '.' && bytes[end] != ',')) {
            return true;
        }
        deviates |= bytes[end] == ',';
        int digits = end + 1;
        int after = Scan.skipDigits(bytes, digits, limit);
        int count = Math.min(after - digits, 9);
        if (count == 0) {
            return false;
        }
        deviates |= after - digits > 9;
        fractionNs = Calendar.nanos(Scan.number(bytes, digits, digits + count), count);
        end = after;
        return true;
    }

    private boolean readOffset(byte[] bytes, int limit, long localSeconds) {
        byte sign = end < limit ? bytes[end] : (byte) ' ';
        long seconds;
        if (sign == 'Z' || sign == 'z') {
            deviates |= sign == 'z';
            end++;
            seconds = localSeconds;
        } else if (sign == '+' || sign == '-') {
            int offset = readHoursAndMinutes(bytes, end + 1, limit);
            if (offset < 0) {
                return false;
            }
            seconds = sign == '+' ? localSeconds - offset : localSeconds + offset;
        } else {
            deviates = true;
            seconds = zone.toEpochSeconds(localSeconds);
        }
        epochNs = seconds * Calendar.SECOND_NS + fractionNs;
        return true;
    }

    private int readHoursAndMinutes(byte[] bytes, int at, int limit) {
        if (limit - at < 4) {
            return -1;
        }
        boolean colon = bytes[at + 2] == ':';
        int minutesAt = colon ? at + 3 : at + 2;
        if (limit - minutesAt < 2) {
            return -1;
        }
        deviates |= !colon;
        int hours = Scan.twoDigits(bytes, at);
        int minutes = Scan.twoDigits(bytes, minutesAt);
        end = minutesAt + 2;
        boolean sound = Integer.compareUnsigned(hours, 23) <= 0 && Integer.compareUnsigned(minutes, 59) <= 0;
        return sound ? hours * 3600 + minutes * 60 : -1;
    }
}
